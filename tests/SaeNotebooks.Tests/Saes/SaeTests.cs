using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Saes;

public class SaeTests
{
    private const int InputWidth = 12, Width = 40;

    public static TheoryData<string> Architectures => ["standard", "topk", "jumprelu"];

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
        var before = Tensor.TotalCount;
        for (var i = 0; i < 20; i++) Once();
        Assert.Equal(before, Tensor.TotalCount);
    }

    private static SaeConfig Config => new() { Hook = Hook.ResidPost(1), ModelName = "none" };

    private static Sae Random(string architecture, int width = Width)
    {
        using var scope = NewDisposeScope();
        var random = manual_seed(3);
        SparseActivation activation = architecture switch
        {
            "standard" => new Relu(),
            "topk" => new TopK(6),
            _ => new JumpRelu(rand(width, generator: random)),
        };
        return new(Config, activation, randn(InputWidth, width, generator: random), randn(width, InputWidth, generator: random),
            randn(width, generator: random), randn(InputWidth, generator: random));
    }

    /// <summary>The formula, one token and one latent at a time: [tokens, d_sae].</summary>
    private static Tensor SlowLatents(Sae sae, Tensor x)
    {
        var pre = ((x - sae.DecoderBias).matmul(sae.Encoder) + sae.EncoderBias).data<float>().ToArray().Chunk(sae.Width).ToArray();
        var thresholds = (sae.Activation as JumpRelu)?.Threshold.data<float>().ToArray();
        foreach (var row in pre)
        {
            var kth = sae.Activation is TopK top ? row.OrderDescending().ElementAt(top.K - 1) : float.NegativeInfinity;
            for (var i = 0; i < row.Length; i++)
                if (row[i] <= (thresholds?[i] ?? 0) || row[i] < kth) row[i] = 0;
        }
        return tensor(pre.SelectMany(row => row).ToArray(), pre.Length, sae.Width);
    }

    private static void AssertSays<T>(string expected, Action act) where T : ArgumentException
    {
        var error = Assert.Throws<T>(act);
        Assert.Contains(expected, error.Message);
    }
}
