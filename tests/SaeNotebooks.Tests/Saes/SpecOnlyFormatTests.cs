using System.Text.Json.Nodes;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Tests.Goldens;
using TorchSharp;
using static SaeNotebooks.Tests.Saes.SpecFixtures;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Saes;

/// <summary>Formats without a golden, each against its formula written out here.</summary>
public sealed class SpecOnlyFormatTests : IDisposable
{
    private readonly SpecFixtures _files = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _files.Dispose();
    }

    private Tensor Random(params long[] shape) => _files.Random(shape);

    [Theory]
    [InlineData("google/gemma-scope-2-1b-pt/resid_post/layer_7_width_16k_l0_small", "blocks.7.hook_resid_post", "google/gemma-3-1b-pt")]
    [InlineData("google/gemma-scope-2-270m-pt/mlp_out_all/layer_3_width_262k_l0_big", "blocks.3.hook_mlp_out", "google/gemma-3-270m")]
    [InlineData("google/gemma-scope-2-4b-it/attn_out/layer_9_width_16k_l0_big", "blocks.9.attn.hook_z", "google/gemma-3-4b-it")]
    public void Gemma_Scope_2_without_a_configuration(string folder, string hook, string model)
    {
        Tensor encoder = Random(D, N), decoder = Random(N, D), encoderBias = Random(N), decoderBias = Random(D), threshold = _files.Positive(N);
        _files.Safetensors($"{folder}/params.safetensors", new() { ["w_enc"] = encoder, ["w_dec"] = decoder, ["b_enc"] = encoderBias, ["b_dec"] = decoderBias, ["threshold"] = threshold });
        using var sae = SaeFile.Load(_files.At(folder));
        Assert.Equal((hook, model, false), (sae.Config.Hook.ToString(), sae.Config.ModelName, sae.Config.IsTranscoder));
        var x = _files.X();
        var acts = JumpRelu(x.matmul(encoder) + encoderBias, threshold);
        Check(sae, x, acts, acts.matmul(decoder) + decoderBias);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Gemma_Scope_2_transcoder_with_its_configuration(bool affine)
    {
        Tensor encoder = Random(D, N), decoder = Random(N, D), encoderBias = Random(N), decoderBias = Random(D), threshold = _files.Positive(N), skip = Random(D, D);
        var tensors = new Dictionary<string, Tensor> { ["w_enc"] = encoder, ["w_dec"] = decoder, ["b_enc"] = encoderBias, ["b_dec"] = decoderBias, ["threshold"] = threshold };
        if (affine) tensors["affine_skip_connection"] = skip;
        _files.Safetensors("t/params.safetensors", tensors);
        _files.Json("t/config.json", new
        {
            width = N, model_name = "google/gemma-v3-1b-pt", architecture = "jump_relu", l0 = 60, affine_connection = affine, type = "transcoder",
            hf_hook_point_in = "model.layers.5.pre_feedforward_layernorm.output", hf_hook_point_out = "model.layers.5.post_feedforward_layernorm.output",
        });
        using var sae = SaeFile.Load(_files.At("t"), new() { HookIfUnknown = Hook.Ln2Normalized(5) });
        Assert.Equal(("google/gemma-3-1b-pt", true, Hook.MlpOut(5)), (sae.Config.ModelName, sae.Config.IsTranscoder, sae.Config.OutputHook!.Value));
        var x = _files.X();
        var acts = JumpRelu(x.matmul(encoder) + encoderBias, threshold);
        Check(sae, x, acts, acts.matmul(decoder) + decoderBias + (affine ? x.matmul(skip) : zeros(1))); // x · A, not x · Aᵀ
    }

    [Theory]
    [InlineData("relu", true), InlineData("jumprelu", true), InlineData("jumprelu", false), InlineData("topk", true), InlineData("topk", false)]
    public void Llamascopium(string function, bool includesNorm)
    {
        const double normIn = 5.5, normOut = 3.25;
        Tensor encoder = Random(D, N), decoder = Random(N, D), encoderBias = Random(N), decoderBias = Random(D), logThreshold = Random(N) - 1;
        var tensors = new Dictionary<string, Tensor>
        {
            ["W_E"] = encoder, ["b_E"] = encoderBias, ["W_D"] = decoder, ["b_D"] = decoderBias,
            ["dataset_average_activation_norm.blocks.3.hook_resid_mid"] = tensor((float)normIn), ["dataset_average_activation_norm.blocks.3.hook_mlp_out"] = tensor((float)normOut),
        };
        if (function == "jumprelu") tensors["activation_function.log_jumprelu_threshold"] = logThreshold;
        _files.Safetensors("l/sae_weights.safetensors", tensors);
        _files.Json("l/config.json", new
        {
            sae_type = "sae", d_model = D, expansion_factor = 2.4, act_fn = function, top_k = 5, norm_activation = "dataset-wise",
            sparsity_include_decoder_norm = includesNorm, use_decoder_bias = true, hook_point_in = "blocks.3.hook_resid_mid", hook_point_out = "blocks.3.hook_mlp_out",
        });
        using var sae = SaeFile.Load(_files.At("l"));
        Assert.Equal((Hook.ResidMid(3), Hook.MlpOut(3)), (sae.Config.Hook, sae.Config.OutputHook!.Value));
        var x = _files.X();
        double scaleIn = Math.Sqrt(D) / normIn, scaleOut = Math.Sqrt(D) / normOut;
        var norms = includesNorm ? decoder.norm(1) : ones(N);
        var pre = ((x * scaleIn).matmul(encoder) + encoderBias) * norms;
        var gated = function switch { "relu" => pre.relu(), "topk" => TopK(pre, 5), _ => JumpRelu(pre, logThreshold.exp()) };
        var reconstruction = ((gated / norms).matmul(decoder) + decoderBias) / scaleOut;
        // A TopK SAE comes with decoder rows of norm 1, so that its latents are those that are ranked.
        Check(sae, x, function == "topk" ? gated : gated / norms, reconstruction);
    }

    [Fact]
    public void Llama_Scope_R1()
    {
        Tensor encoder = Random(N, D), decoder = Random(D, N), encoderBias = Random(N), decoderBias = Random(D), logThreshold = Random(N) - 1;
        _files.Safetensors("L4R/sae_weights.safetensors", new() { ["encoder.weight"] = encoder, ["decoder.weight"] = decoder, ["encoder.bias"] = encoderBias, ["decoder.bias"] = decoderBias, ["log_jumprelu_threshold"] = logThreshold });
        _files.Json("L4R/config.json", new JsonObject
        {
            ["d_model"] = D, ["expansion_factor"] = 2.4, ["act_fn"] = "jumprelu", ["hook_point_in"] = "blocks.4.hook_resid_post", ["hook_point_out"] = "blocks.4.hook_resid_post",
            ["norm_activation"] = "dataset-wise", ["sparsity_include_decoder_norm"] = true, ["dataset_average_activation_norm"] = new JsonObject { ["in"] = 4.5, ["out"] = 4.5 },
        });
        using var sae = SaeFile.Load(_files.At("L4R"));
        var x = _files.X();
        var scale = Math.Sqrt(D) / 4.5;
        var norms = decoder.norm(0); // scale in over scale out is 1
        var acts = JumpRelu((x.matmul(encoder.t()) + encoderBias / scale) * norms, logThreshold.exp());
        Check(sae, x, acts, (acts / norms).matmul(decoder.t()) + decoderBias / scale);
    }

    [Fact]
    public void Llama_Scope_transcoder_with_decoder_columns_of_any_norm()
    {
        Tensor encoder = Random(N, D), decoder = Random(D, N), encoderBias = Random(N), decoderBias = Random(D);
        _files.Safetensors("LTC/checkpoints/final.safetensors", new() { ["encoder.weight"] = encoder, ["decoder.weight"] = decoder, ["encoder.bias"] = encoderBias, ["decoder.bias"] = decoderBias });
        _files.Json("LTC/hyperparams.json", new JsonObject
        {
            ["d_model"] = D, ["d_sae"] = N, ["act_fn"] = "topk", ["jump_relu_threshold"] = 0.4, ["norm_activation"] = "dataset-wise", ["sparsity_include_decoder_norm"] = true,
            ["hook_point_in"] = "blocks.8.ln2.hook_normalized", ["hook_point_out"] = "blocks.8.hook_mlp_out",
            ["dataset_average_activation_norm"] = new JsonObject { ["in"] = 6.0, ["out"] = 0.75 },
        });
        var x = _files.X();
        double scaleIn = Math.Sqrt(D) / 6, scaleOut = Math.Sqrt(D) / 0.75;
        var scaled = decoder * (scaleIn / scaleOut);
        var norms = scaled.norm(0);
        var acts = JumpRelu((x.matmul(encoder.t()) + encoderBias / scaleIn) * norms, full(1, 0.4f));
        using (var sae = SaeFile.Load(_files.At("LTC")))
        {
            Assert.Equal((Hook.Ln2Normalized(8), Hook.MlpOut(8)), (sae.Config.Hook, sae.Config.OutputHook!.Value));
            Check(sae, x, acts, (acts / norms).matmul(scaled.t()) + decoderBias / scaleOut);
        }
    }

    [Fact]
    public void Goodfire()
    {
        Tensor encoder = Random(N, D), decoder = Random(D, N), encoderBias = Random(N), decoderBias = Random(D);
        _files.Torch("Llama-3.1-8B-Instruct-SAE-l19.pth", new() { ["encoder_linear.weight"] = encoder, ["encoder_linear.bias"] = encoderBias, ["decoder_linear.weight"] = decoder, ["decoder_linear.bias"] = decoderBias });
        using var sae = SaeFile.Load(_files.At("Llama-3.1-8B-Instruct-SAE-l19.pth"));
        Assert.Equal((Hook.ResidPost(19), "meta-llama/Llama-3.1-8B-Instruct"), (sae.Config.Hook, sae.Config.ModelName));
        var x = _files.X();
        var acts = (x.matmul(encoder.t()) + encoderBias).relu();
        Check(sae, x, acts, acts.matmul(decoder.t()) + decoderBias);
    }

    [Fact]
    public void DeepSeek()
    {
        Tensor encoder = Random(N, D), decoder = Random(D, N), encoderBias = Random(N), decoderBias = Random(D);
        _files.Torch("DeepSeek-R1-Distill-Llama-8B-SAE-l19-test.pt", new() { ["encoder.weight"] = encoder, ["encoder.bias"] = encoderBias, ["decoder.weight"] = decoder, ["decoder.bias"] = decoderBias });
        using var sae = SaeFile.Load(_files.At("DeepSeek-R1-Distill-Llama-8B-SAE-l19-test.pt"));
        Assert.Equal(Hook.ResidPost(19), sae.Config.Hook);
        var x = _files.X();
        var acts = (x.matmul(encoder.t()) + encoderBias).relu();
        Check(sae, x, acts, acts.matmul(decoder.t()) + decoderBias);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Qwen_Scope_with_k_in_the_configuration_or_in_the_name(bool configured)
    {
        const string repository = "SAE-Res-Qwen3-8B-Base-W64K-L0_4";
        Tensor encoder = Random(N, D), decoder = Random(D, N), encoderBias = Random(N), decoderBias = Random(D);
        _files.Torch($"{repository}/layer12.sae.pt", new() { ["W_enc"] = encoder, ["W_dec"] = decoder, ["b_enc"] = encoderBias, ["b_dec"] = decoderBias });
        if (configured) _files.Json($"{repository}/config.json", new { model_type = "topk_sae", base_model = "Qwen/Qwen3-8B-Base", d_model = D, d_sae = N, k = 3, hook_point = "resid_post" });
        using var sae = SaeFile.Load(_files.At($"{repository}/layer12.sae.pt"));
        Assert.Equal((Hook.ResidPost(12), configured ? "Qwen/Qwen3-8B-Base" : "unknown"), (sae.Config.Hook, sae.Config.ModelName));
        var x = _files.X();
        var acts = TopK(x.matmul(encoder.t()) + encoderBias, configured ? 3 : 4);
        Check(sae, x, acts, acts.matmul(decoder.t()) + decoderBias);
    }

    [Fact]
    public void Connor_and_Rob_on_heads()
    {
        Tensor encoder = Random(12, N), decoder = Random(N, 12), encoderBias = Random(N), decoderBias = Random(12);
        _files.Torch("gpt2-small_L5_Hcat_z.pt", new() { ["W_enc"] = encoder, ["W_dec"] = decoder, ["b_enc"] = encoderBias, ["b_dec"] = decoderBias });
        _files.Json("gpt2-small_L5_Hcat_z_cfg.json", new { act_size = 12, dict_size = N, act_name = "blocks.5.attn.hook_z" });
        using var sae = SaeFile.Load(_files.At("gpt2-small_L5_Hcat_z.pt"));
        Assert.Equal(Hook.Z(5), sae.Config.Hook);
        var heads = Random(6, 3, 4);
        var acts = ((heads.view(6, 12) - decoderBias).matmul(encoder) + encoderBias).relu();
        Check(sae, heads, acts, (acts.matmul(decoder) + decoderBias).view(6, 3, 4));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_per_layer_transcoder(bool hasThreshold)
    {
        Tensor encoder = Random(N, D), decoder = Random(N, Out), encoderBias = Random(N), decoderBias = Random(Out), threshold = _files.Positive(N), skip = Random(Out, D);
        var tensors = new Dictionary<string, Tensor> { ["W_enc"] = encoder, ["W_dec"] = decoder, ["b_enc"] = encoderBias, ["b_dec"] = decoderBias, ["W_skip"] = skip };
        if (hasThreshold) tensors["activation_function.threshold"] = threshold;
        _files.Safetensors("plt/layer_4.safetensors", tensors);
        File.WriteAllText(_files.At("plt/config.yaml"), "model_name: \"google/gemma-2-2b\"\nfeature_input_hook: ln2.hook_normalized  # before the gain\nfeature_output_hook: hook_mlp_out\nscan: test\n");
        using var sae = SaeFile.Load(_files.At("plt/layer_4.safetensors"));
        Assert.Equal((Hook.Ln2Normalized(4), Hook.MlpOut(4), "google/gemma-2-2b"), (sae.Config.Hook, sae.Config.OutputHook!.Value, sae.Config.ModelName));
        var x = _files.X();
        var pre = x.matmul(encoder.t()) + encoderBias;
        var acts = hasThreshold ? JumpRelu(pre, threshold) : pre.relu();
        Check(sae, x, acts, acts.matmul(decoder) + decoderBias + x.matmul(skip.t()));
    }

    [Fact]
    public void A_dictionary_with_a_bias_of_its_own_and_a_backup_of_one()
    {
        Tensor encoder = Random(N, D), decoder = Random(D, N), encoderBias = Random(N), decoderBias = Random(D);
        var tensors = new Dictionary<string, object> { ["encoder.weight"] = encoder, ["encoder.bias"] = encoderBias, ["decoder.weight"] = decoder, ["decoder.bias"] = decoderBias };
        SaeNotebooks.Tests.Checkpoints.TorchWriter.Write(_files.At("dl/ae.pt"), new Dictionary<string, object> { ["step"] = 100, ["ae"] = tensors });
        _files.Json("dl/config.json", new { trainer = new { dict_class = "AutoEncoderNew", activation_dim = D, dict_size = N, layer = 2, lm_name = "m", submodule_name = "mlp_out_layer_2" } });
        using var sae = SaeFile.Load(_files.At("dl"));
        Assert.Equal(Hook.MlpOut(2), sae.Config.Hook);
        var x = _files.X();
        var acts = (x.matmul(encoder.t()) + encoderBias).relu();
        Check(sae, x, acts, acts.matmul(decoder.t()) + decoderBias);
    }

    [Fact]
    public void A_Gemma_Scope_SAE_on_the_embedding_reads_it_as_the_model_scales_it()
    {
        using var plain = SaeFile.Load(Golden.PathOf("sae_gemma_scope/layer_1"), new() { Hook = Hook.Embed });
        foreach (var file in Directory.GetFiles(Golden.PathOf("sae_gemma_scope/layer_1"), "*.npz", SearchOption.AllDirectories))
            File.Copy(file, _files.At("gemma-scope-2b-pt-res/embedding/width_4k/average_l0_21/params.npz"));
        using var sae = SaeFile.Load(_files.At("gemma-scope-2b-pt-res/embedding"));
        Assert.Equal((Hook.Embed, "gemma-2-2b"), (sae.Config.Hook, sae.Config.ModelName));
        var x = _files.X(32);
        using Tensor scaled = sae.Reconstruct(x * Math.Sqrt(32)), unscaled = plain.Reconstruct(x);
        Compare.MaxAbs((unscaled - plain.DecoderBias) * Math.Sqrt(32) + plain.DecoderBias, scaled, 1e-3, "scaled");
    }

    private static Tensor JumpRelu(Tensor pre, Tensor threshold) => pre.relu() * pre.gt(threshold);

    private static Tensor TopK(Tensor pre, int k) => zeros_like(pre).scatter_(1, pre.topk(k, 1).indexes, pre.topk(k, 1).values.relu());

    private static void Check(Sae sae, Tensor x, Tensor acts, Tensor reconstruction)
    {
        using var latents = sae.Encode(x);
        Compare.MaxAbs(acts, latents.ToDense(), 1e-5 * Math.Max(1, acts.abs().max().item<float>()), "latents");
        Compare.MaxAbs(reconstruction, sae.Reconstruct(x), 1e-5 * Math.Max(1, reconstruction.abs().max().item<float>()), "reconstruction");
        Assert.True(acts.gt(0).equal(latents.ToDense().gt(0)).all().item<bool>(), "other latents are active");
        Assert.NotEqual(0, latents.Active);
    }
}
