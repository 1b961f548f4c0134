using SaeNotebooks.Checkpoints;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Tests.Checkpoints;
using SaeNotebooks.Tests.Goldens;
using TorchSharp;
using static SaeNotebooks.Tests.Saes.SpecFixtures;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Saes;

/// <summary>What is wrong with an SAE's files is said in one line that names the file, and no native memory is left behind.</summary>
public sealed class BadSaeTests : IDisposable
{
    private readonly SpecFixtures _files = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _files.Dispose();
    }

    [Fact]
    public void Transposed_weights_are_told_by_their_shape()
    {
        WriteSaeLens(D, N, _files.Random(N, D), _files.Random(N, D));
        AssertRefused("s", "'W_enc': has shape [24, 10]; cfg.json implies [10, 24]; it is transposed");
    }

    [Fact]
    public void Square_transposed_weights_are_told_because_nothing_would_be_reconstructed()
    {
        var directions = nn.functional.normalize(_files.Random(D, D), dim: 1); // decoder rows; the encoder reads along them
        WriteSaeLens(D, D, directions.t() + _files.Random(D, D) * 0.02, directions);
        SaeFile.Load(_files.At("s")).Dispose();
        WriteSaeLens(D, D, directions + _files.Random(D, D) * 0.02, directions);
        AssertRefused("s", "'W_enc': is transposed: its rows point along those of W_dec");
    }

    [Theory, InlineData("W_enc"), InlineData("b_dec")]
    public void NaN_is_refused(string name)
    {
        WriteSaeLens(D, N, _files.Random(D, N), _files.Random(N, D), name);
        AssertRefused("s", $"'{name}': holds 1 NaN");
    }

    [Fact]
    public void A_missing_activation_function_is_never_a_ReLU()
    {
        Tensor encoder = _files.Random(N, D), decoder = _files.Random(D, N);
        _files.Torch("openai.pt", new() { ["pre_bias"] = _files.Random(D), ["latent_bias"] = _files.Random(N), ["encoder.weight"] = encoder, ["decoder.weight"] = decoder });
        AssertRefused("openai.pt", "'activation': is missing");
        _files.Torch("layer3.sae.pt", new() { ["W_enc"] = encoder, ["W_dec"] = decoder, ["b_enc"] = _files.Random(N), ["b_dec"] = _files.Random(D) });
        AssertRefused("layer3.sae.pt", "'k': is neither in config.json nor in the folder's name");
        WriteDictionary("BatchTopKSAE", new() { ["encoder.weight"] = encoder, ["encoder.bias"] = _files.Random(N), ["decoder.weight"] = decoder, ["b_dec"] = _files.Random(D), ["threshold"] = tensor(-1f), ["k"] = tensor(4L) });
        AssertRefused("dl", "'threshold': is -1: it was never set in training");
        WriteDictionary("CrossCoder", new() { ["encoder.weight"] = encoder });
        AssertRefused("dl", "'trainer.dict_class': is 'CrossCoder'; known are AutoEncoder");
        _files.Json("ls/hyperparams.json", new { d_model = D, d_sae = N, act_fn = "topk", jump_relu_threshold = 0.0, hook_point_in = "blocks.1.hook_resid_post" });
        _files.Safetensors("ls/checkpoints/final.safetensors", new() { ["encoder.weight"] = encoder, ["decoder.weight"] = decoder, ["encoder.bias"] = _files.Random(N), ["decoder.bias"] = _files.Random(D) });
        AssertRefused("ls", "'jump_relu_threshold': is 0");
    }

    [Fact]
    public void Missing_and_unknown_tensors_are_named()
    {
        var tensors = new Dictionary<string, Tensor> { ["w_enc"] = _files.Random(D, N), ["w_dec"] = _files.Random(N, D), ["b_enc"] = _files.Random(N), ["b_dec"] = _files.Random(D), ["threshold"] = _files.Positive(N), ["gate"] = _files.Random(N) };
        _files.Safetensors("resid_post/layer_3_width_16k_l0_big/params.safetensors", tensors);
        AssertRefused("resid_post/layer_3_width_16k_l0_big", "'gate': is not a tensor of a Gemma Scope 2 SAE, which has w_enc, w_dec");
        tensors.Remove("gate");
        tensors.Remove("b_dec");
        _files.Safetensors("resid_post/layer_3_width_16k_l0_big/params.safetensors", tensors);
        AssertRefused("resid_post/layer_3_width_16k_l0_big", "'b_dec': is missing; the file has b_enc, threshold, w_dec, w_enc");
    }

    [Fact]
    public void A_configuration_that_contradicts_the_tensors_is_refused()
    {
        _files.Safetensors("g/params.safetensors", new() { ["w_enc"] = _files.Random(D, N), ["w_dec"] = _files.Random(N, D), ["b_enc"] = _files.Random(N), ["b_dec"] = _files.Random(D), ["threshold"] = _files.Positive(N) });
        _files.Json("g/config.json", new { width = 2 * N, architecture = "jump_relu", hf_hook_point_in = "model.layers.1.output" });
        AssertRefused("g", "'width': is 48, but params.safetensors has 24 latents");
        _files.Json("g/config.json", new { width = N, architecture = "jump_relu", affine_connection = true, hf_hook_point_in = "model.layers.1.output" });
        AssertRefused("g", "'affine_connection': is True, but params.safetensors has no affine_skip_connection");
        _files.Json("g/config.json", new { width = N, architecture = "topk", hf_hook_point_in = "model.layers.1.output" });
        AssertRefused("g", "'architecture': is 'topk'; expected jump_relu");
        WriteDictionary("AutoEncoderTopK", new() { ["encoder.weight"] = _files.Random(N, D), ["encoder.bias"] = _files.Random(N), ["decoder.weight"] = _files.Random(D, N), ["b_dec"] = _files.Random(D), ["k"] = tensor(5L) });
        AssertRefused("dl", "'k': is 5, but config.json says 4");
        WriteDictionary("AutoEncoder", new() { ["encoder.weight"] = _files.Random(N + 1, D), ["encoder.bias"] = _files.Random(N), ["decoder.weight"] = _files.Random(D, N), ["bias"] = _files.Random(D) });
        AssertRefused("dl", "'encoder.weight': has shape [25, 10]; config.json implies [24, 10]");
    }

    [Fact]
    public void A_malicious_dictionary_is_refused_by_the_name_of_what_it_wants()
    {
        WriteDictionary("AutoEncoder", []);
        TorchWriter.WriteArchive(_files.At("dl/ae.pt"), [0x80, 2, .. "cos\nsystem\n(X\u0004\0\0\0truetR."u8], []);
        AssertRefused("dl", "asks for 'os.system'");
        TorchWriter.WriteArchive(_files.At("model.pt"), [0x80, 2, .. "csubprocess\nPopen\n."u8], []);
        AssertRefused("model.pt", "asks for 'subprocess.Popen'");
    }

    [Fact]
    public void Nobody_guesses_a_hook_a_format_or_a_file()
    {
        var deflated = Golden.PathOf("sae_gemma_scope", "params_deflate.npz");
        Assert.Contains("which hook the SAE reads; give it", Assert.Throws<CheckpointException>(() => SaeFile.Load(deflated)).Message);
        using (var sae = SaeFile.Load(deflated, new() { Hook = Hook.ResidPost(7), Model = "gemma-2-2b" })) Assert.Equal((Hook.ResidPost(7), "gemma-2-2b"), (sae.Config.Hook, sae.Config.ModelName));
        Assert.Contains("did you mean gemma-scope?", Assert.Throws<CheckpointException>(() => SaeFile.Load(deflated, new() { Format = "gemma-scop" })).Message);
        Assert.Contains("no such file or folder", Assert.Throws<CheckpointException>(() => SaeFile.Load(_files.At("nothing"))).Message);
        File.WriteAllText(_files.At("notes.txt"), "x");
        Assert.Contains("no SAE is recognised here; formats that are read: saelens, sparsify", Assert.Throws<CheckpointException>(() => SaeFile.Load(_files.At("notes.txt"))).Message);
        using (var only = SaeFile.Load(Golden.PathOf("sae_openai_relu"), new() { Hook = Hook.ResidPost(1) })) Assert.Equal(128, only.Width); // the one file in a folder
        var several = Assert.Throws<CheckpointException>(() => SaeFile.Load(Golden.PathOf())).Message;
        Assert.Contains("SAEs; name one of sae_dl_batchtopk, sae_dl_gated", several);
    }

    private void AssertRefused(string path, string expected)
    {
        var before = LiveTensors.Count();
        var error = Assert.Throws<CheckpointException>(() => SaeFile.Load(_files.At(path)));
        Assert.Contains(expected, error.Message);
        Assert.Contains(_files.Folder, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(before, Tensor.TotalCount);
    }

    private void WriteDictionary(string name, Dictionary<string, Tensor> tensors)
    {
        _files.Torch("dl/ae.pt", tensors);
        _files.Json("dl/config.json", new { trainer = new { dict_class = name, activation_dim = D, dict_size = N, k = 4, layer = 1, lm_name = "m", submodule_name = "resid_post_layer_1" } });
    }

    private void WriteSaeLens(int d, int n, Tensor encoder, Tensor decoder, string? broken = null)
    {
        var tensors = new Dictionary<string, Tensor> { ["W_enc"] = encoder, ["W_dec"] = decoder, ["b_enc"] = _files.Random(n), ["b_dec"] = _files.Random(d) };
        if (broken is not null) tensors[broken].view(-1)[3] = float.NaN;
        _files.Safetensors("s/sae_weights.safetensors", tensors);
        _files.Json("s/cfg.json", new { architecture = "standard", d_in = d, d_sae = n, metadata = new { hook_name = "blocks.1.hook_resid_post", model_name = "m" } });
    }
}
