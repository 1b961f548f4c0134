using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Saes.Normalisations;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Saes;

public class SaeTests
{
    private const int InputWidth = 12, Width = 40;

    public static TheoryData<string> Architectures => ["standard", "topk", "jumprelu", "gated", "groupmax"];

    [Theory, MemberData(nameof(Architectures))]
    public void Sparse_encoding_and_decoding_are_the_dense_formula(string architecture)
    {
        using var scope = NewDisposeScope();
        using var sae = Random(architecture);
        var x = randn(3, 5, InputWidth);
        var latents = SlowLatents(sae, x.reshape(-1, InputWidth));
        var reconstruction = (latents.matmul(sae.Decoder) + sae.DecoderBias).view(3, 5, InputWidth);

        using var sparse = sae.Encode(x);
        Assert.Equal([3, 5], sparse.Shape);
        Compare.MaxAbs(latents, sparse.ToDense(), 1e-5, "latents");
        Compare.MaxAbs(reconstruction, sae.Decode(sparse), 1e-4, "decode");
        Compare.MaxAbs(reconstruction, sae.Reconstruct(x), 1e-4, "reconstruct");
        Compare.MaxAbs(x - reconstruction, sae.Error(x), 1e-4, "error");
        Assert.Equal(latents.gt(0).sum().item<long>() / 15.0, sparse.L0(), 1e-6);
        for (var latent = 0; latent < Width; latent++)
            Compare.MaxAbs(latents.select(1, latent), tensor(sparse[latent]), 1e-5, $"latent {latent}");
    }

    [Theory, MemberData(nameof(Architectures))]
    public void The_formula_on_matrices_is_the_formula_on_rows(string architecture)
    {
        using var scope = NewDisposeScope();
        using var sae = Random(architecture, width: 48);
        var x = randn(50, InputWidth);
        using var sparse = sae.Encode(x);
        Compare.MaxAbs(sae.Activation.Dense((x - sae.DecoderBias).matmul(sae.Encoder) + sae.EncoderBias), sparse.ToDense(), 1e-5, "latents");
    }

    [Fact]
    public void A_token_with_thousands_of_latents_costs_the_others_nothing()
    {
        using var scope = NewDisposeScope();
        using var sae = new Sae(Config, new Relu(), ones(InputWidth, 4000), randn(4000, InputWidth), zeros(4000), zeros(InputWidth));
        using var latents = sae.Encode(cat([ones(1, InputWidth), -ones(9, InputWidth)]));
        Assert.Equal(4000, latents.Active);
        Assert.Equal([0, .. Enumerable.Repeat(4000L, 10)], latents.Offsets);
        Assert.Empty(latents.At(3));
        Compare.MaxAbs(sae.Decoder.sum([0L]) * InputWidth, sae.Decode(latents)[0], 1e-2, "the busy token");
        Compare.MaxAbs(zeros(9, InputWidth), sae.Decode(latents).narrow(0, 1, 9), 0, "the silent ones");
    }

    [Theory, MemberData(nameof(Architectures))]
    public void A_product_in_bfloat16_is_compared_with_thresholds_in_float32(string architecture)
    {
        using var scope = NewDisposeScope();
        using var sae = Random(architecture, width: 2056); // more than a tile
        var x = randn(20, InputWidth);
        sae.MakeProductIn(ScalarType.BFloat16);
        var product = (x - sae.DecoderBias).to(bfloat16).matmul(sae.Encoder.to(bfloat16)).to(float32);
        using var latents = sae.Encode(x);
        var expected = sae.Activation.Dense(product + sae.EncoderBias);
        // Another order of summation may round a product to the neighbouring number, 1/128 away at most, and tip who fires at the margin.
        var close = (expected - latents.ToDense()).abs().le(product.abs() / 64 + 1e-3);
        Assert.True(close.to(float32).mean().item<float>() > 0.999);
        sae.MakeProductIn(ScalarType.Float32);
        Compare.MaxAbs(SlowLatents(sae, x), sae.Encode(x).ToDense(), 1e-4, "float32 again");
        AssertSays<ArgumentException>("float32 or bfloat16", () => sae.MakeProductIn(ScalarType.Float64));
    }

    [Fact]
    public void A_skip_transcoder_adds_what_it_passes_through()
    {
        using var scope = NewDisposeScope();
        using var sae = new Sae(Config with { IsTranscoder = true, OutputHook = Hook.MlpOut(1), SubtractDecoderBias = false }, new Relu(),
            randn(InputWidth, Width), randn(Width, 7), randn(Width), randn(7), randn(InputWidth, 7));
        Tensor x = randn(2, 3, InputWidth), target = randn(2, 3, 7);
        var reconstruction = (x.matmul(sae.Encoder) + sae.EncoderBias).relu().matmul(sae.Decoder) + sae.DecoderBias + x.matmul(sae.Skip!);
        Compare.MaxAbs(reconstruction, sae.Reconstruct(x), 1e-4, "reconstruction");
        Compare.MaxAbs(target - reconstruction, sae.Error(x, target), 1e-4, "error");
        Assert.Equal([7], sae.Direction(3).shape);
        Assert.Contains("blocks.1.hook_resid_post and predicts blocks.1.hook_mlp_out", Assert.Throws<InvalidOperationException>(() => sae.Error(x)).Message);
        AssertSays<ArgumentException>("[2, 3, 12]; this reconstruction of it has [2, 3, 7]", () => sae.Error(x, x));
    }

    [Fact]
    public void Heads_are_read_as_one_activation_and_given_back_as_heads()
    {
        using var scope = NewDisposeScope();
        using var sae = new Sae(Config with { Hook = Hook.Z(1) }, new TopK(4), randn(InputWidth, Width), randn(Width, InputWidth), zeros(Width), randn(InputWidth));
        var heads = randn(2, 5, 3, 4);
        using var latents = sae.Encode(heads);
        Assert.Equal([2, 5], latents.Shape);
        Compare.MaxAbs(sae.Reconstruct(heads.view(2, 5, 12)).view(2, 5, 3, 4), sae.Decode(latents), 0, "heads");
    }

    [Theory, InlineData("constant_norm_rescale"), InlineData("layer_norm")]
    public void Tokens_are_normalised_and_brought_back(string name)
    {
        using var scope = NewDisposeScope();
        Normalisation normalisation = name == "layer_norm" ? new LayerNorm() : new ConstantNorm();
        using var sae = new Sae(Config with { Normalisation = normalisation }, new TopK(5), randn(InputWidth, Width), randn(Width, InputWidth), randn(Width), randn(InputWidth));
        Assert.Equal(name, normalisation.Name);
        foreach (var token in randn(6, InputWidth).Times(7).unbind())
        {
            var x = token.data<float>().ToArray();
            var mean = name == "layer_norm" ? x.Average() : 0;
            var size = name == "layer_norm" ? MathF.Sqrt(x.Sum(v => (v - mean) * (v - mean)) / (InputWidth - 1)) : MathF.Sqrt(x.Sum(v => v * v) / InputWidth);
            var normal = tensor([.. x.Select(v => (v - mean) / (size + (name == "layer_norm" ? 1e-5f : 0)))]).unsqueeze(0);
            var expected = (SlowLatents(sae, normal).matmul(sae.Decoder) + sae.DecoderBias) * size + mean;
            Compare.MaxAbs(expected[0], sae.Reconstruct(token), 1e-3, "reconstruction");
        }
        Assert.True(sae.Reconstruct(zeros(1, InputWidth)).isfinite().all().item<bool>(), "a token of zeros");
    }

    [Theory, MemberData(nameof(Architectures))]
    public void Many_tokens_are_encoded_in_chunks_with_the_results_of_few(string architecture)
    {
        using var scope = NewDisposeScope();
        using var sae = Random(architecture, width: 4096); // 4,096 tokens a chunk
        var x = randn(4500, InputWidth);
        using var all = sae.Encode(x);
        using var last = sae.Encode(x.narrow(0, 4400, 100));
        Compare.MaxAbs(last.ToDense(), all.ToDense().narrow(0, 4400, 100), 1e-5, "latents");
        Compare.MaxAbs(sae.Decode(last), sae.Decode(all).narrow(0, 4400, 100), 1e-4, "reconstruction");
    }

    [Fact]
    public void A_single_vector_and_other_dtypes_are_read()
    {
        using var scope = NewDisposeScope();
        using var sae = Random("topk");
        var x = randn(InputWidth).to(bfloat16);
        Assert.Equal([InputWidth], sae.Reconstruct(x).shape);
        Compare.MaxAbs(sae.Reconstruct(x.to(float32)), sae.Reconstruct(x), 0, "bfloat16");
    }

    [Fact]
    public void Active_latents_of_a_token_come_strongest_first()
    {
        using var scope = NewDisposeScope();
        using var sae = Random("standard");
        var x = randn(4, InputWidth);
        using var latents = sae.Encode(x);
        var dense = SlowLatents(sae, x).select(0, 2).data<float>().ToArray();
        var active = latents.At(2);
        Assert.Equal(dense.Index().Where(l => l.Item > 0).OrderByDescending(l => l.Item).Select(l => l.Index), active.Select(a => a.Latent));
        Assert.All(active, a => Assert.Equal(dense[a.Latent], a.Value, 1e-5f));
    }

    [Fact]
    public void A_direction_is_the_decoder_row_and_belongs_to_the_caller()
    {
        using var sae = Random("topk");
        using var direction = sae.Direction(7);
        using var row = sae.Decoder[7];
        Compare.MaxAbs(row, direction, 0, "direction");
        using (no_grad()) direction.zero_();
        Assert.NotEqual(0, row.abs().sum().item<float>());
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_one_line()
    {
        using var scope = NewDisposeScope();
        using var sae = Random("topk");
        using var other = Random("topk", width: 50);
        using var latents = sae.Encode(randn(4, InputWidth));
        AssertSays<ArgumentException>("[…, 12]; this one has shape [4, 11]", () => sae.Encode(randn(4, 11)));
        AssertSays<ArgumentException>("[…, 12]; this one has shape [0, 12]", () => sae.Encode(zeros(0, InputWidth)));
        AssertSays<ArgumentException>("NaN or infinity", () => sae.Encode(zeros(2, InputWidth) / 0));
        AssertSays<ArgumentException>("an SAE with 40 latents; this one has 50", () => other.Decode(latents));
        AssertSays<ArgumentOutOfRangeException>("latents 0 to 39", () => sae.Direction(40));
        AssertSays<ArgumentOutOfRangeException>("latents 0 to 39", () => sae.Direction(-1));
        AssertSays<ArgumentOutOfRangeException>("latents 0 to 39", () => _ = latents[40]);
        AssertSays<ArgumentOutOfRangeException>("4 encoded tokens, 0 to 3", () => latents.At(4));
    }

    [Fact]
    public void Tensors_that_do_not_fit_each_other_are_named()
    {
        using var scope = NewDisposeScope();
        Sae Make(Tensor decoder, Tensor bias, SparseActivation activation) =>
            new(Config, activation, zeros(InputWidth, Width), decoder, bias, zeros(InputWidth));
        AssertSays<ArgumentException>("W_dec has shape [12, 40]; W_enc implies [40, 12]", () => Make(zeros(InputWidth, Width), zeros(Width), new Relu()));
        AssertSays<ArgumentException>("b_enc has shape [41]", () => Make(zeros(Width, InputWidth), zeros(41), new Relu()));
        AssertSays<ArgumentException>("cannot be divided into 7 equal groups", () => Make(zeros(Width, InputWidth), zeros(Width), new GroupMax(7)));
        AssertSays<ArgumentException>("threshold has shape [1]", () => Make(zeros(Width, InputWidth), zeros(Width), new JumpRelu(zeros(1))));
        AssertSays<ArgumentException>("k is 41, and must be from 1 to the SAE's 40", () => Make(zeros(Width, InputWidth), zeros(Width), new TopK(41)));
    }

    [Theory, MemberData(nameof(Architectures))]
    public void No_native_memory_is_left_behind(string architecture)
    {
        using var x = randn(20, InputWidth);
        using var sae = Random(architecture);
        void Once()
        {
            using var latents = sae.Encode(x);
            using var decoded = sae.Decode(latents);
            using var reconstructed = sae.Reconstruct(x);
            using var error = sae.Error(x);
            using var direction = sae.Direction(3);
            using var dense = latents.ToDense();
            _ = (latents[3], latents.At(1), latents.L0());
            using var narrow = direction.narrow(0, 0, 3);
            Assert.Throws<ArgumentException>(() => sae.Encode(narrow));
        }

        Once();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = LiveTensors.Count();
        for (var i = 0; i < 20; i++) Once();
        Assert.Equal(before, Tensor.TotalCount);
    }

    private static SaeConfig Config => new() { Hook = Hook.ResidPost(1), ModelName = "none" };

    private static Sae Random(string architecture, int width = Width)
    {
        using var scope = NewDisposeScope();
        var random = manual_seed(3);
        var bias = randn(width, generator: random);
        SparseActivation activation = architecture switch
        {
            "standard" => new Relu(),
            "topk" => new TopK(6),
            "gated" => Gated.From(bias, randn(width, generator: random), randn(width, generator: random)),
            "groupmax" => new GroupMax(8),
            _ => new JumpRelu(randn(width, generator: random)),
        };
        return new(Config, activation, randn(InputWidth, width, generator: random), randn(width, InputWidth, generator: random),
            bias, randn(InputWidth, generator: random));
    }

    /// <summary>The formula, one token and one latent at a time: [tokens, d_sae].</summary>
    private static Tensor SlowLatents(Sae sae, Tensor x)
    {
        var pre = ((x - sae.DecoderBias).matmul(sae.Encoder) + sae.EncoderBias).data<float>().ToArray().Chunk(sae.Width).ToArray();
        return tensor(pre.SelectMany(row => SlowActivation(sae.Activation, row)).ToArray(), pre.Length, sae.Width);
    }

    private static IEnumerable<float> SlowActivation(SparseActivation activation, float[] pre) => activation switch
    {
        Relu => pre.Select(p => Math.Max(p, 0)),
        TopK top => pre.Select(p => p > 0 && pre.Count(other => other > p) < top.K ? p : 0),
        JumpRelu jump => pre.Zip(jump.Threshold.data<float>().ToArray(), (p, threshold) => p > threshold ? Math.Max(p, 0) : 0),
        GroupMax groups => pre.Select((p, i) => p > 0 && pre.Chunk(pre.Length / groups.Groups).ElementAt(i / (pre.Length / groups.Groups)).Max() == p ? p : 0),
        Gated gated => pre.Select((p, i) => p > 0 ? Math.Max(p * gated.Gain[i].item<float>() + gated.Offset[i].item<float>(), 0) : 0),
        _ => throw new NotSupportedException(activation.Architecture),
    };

    private static void AssertSays<T>(string expected, Action act) where T : ArgumentException
    {
        var error = Assert.Throws<T>(act);
        Assert.Contains(expected, error.Message);
    }
}
