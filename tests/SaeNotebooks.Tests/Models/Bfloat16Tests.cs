using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

/// <summary>bfloat16 files, computed in float32 and in bfloat16.</summary>
public sealed class Bfloat16Tests(ITestOutputHelper output) : IDisposable
{
    private readonly ModelFolder _gemma2 = new("gemma2", weights: weights =>
    {
        foreach (var name in weights.Keys.ToList()) weights[name] = weights[name].to(ScalarType.BFloat16);
    });

    public void Dispose() => _gemma2.Dispose();

    private string Folder(string family) => family == "gemma2_bf16" ? _gemma2.Path : Golden.PathOf(family);

    [Theory]
    [InlineData("llama_bf16"), InlineData("gemma2_bf16")]
    public void FilesRunTightlyInFloat32(string family)
    {
        using var golden = new Golden(family, "golden_fp32_compute.safetensors");
        using var model = HookedTransformer.Load(Folder(family));
        Assert.All(Parity.Alone(model, golden), d => Assert.InRange(d.Max, 0, 5e-5));
    }

    /// <summary>With attention computed as the reference's is, on request or because the prompt is short, every rounding is the same: layers agree to the bit, and only the soft cap on
    /// logits is finer here.</summary>
    [Theory]
    [InlineData("llama_bf16", true), InlineData("gemma2_bf16", true), InlineData("llama_bf16", false), InlineData("gemma2_bf16", false)]
    public void ComputingRoundsAsTheReferenceDoes(string family, bool explicitAttention)
    {
        using var golden = new Golden(family, "golden_bf16_compute.safetensors");
        using var model = HookedTransformer.Load(Folder(family), ScalarType.BFloat16, explicitAttention: explicitAttention);
        using var run = model.Run(golden.Ids("prompt0"), HookSet.EachLayer(4, Hook.ResidPost), logits: true);
        Assert.Equal(ScalarType.BFloat16, run[Hook.ResidPost(3)].dtype);
        void Within(string key, Tensor actual)
        {
            using var expected = golden.Read(key);
            var error = Error(actual, expected);
            output.WriteLine($"{family} {key}: {error:0.0e+0}");
            Assert.InRange(error, 0, 1e-2);
        }
        for (var layer = 0; layer < 4; layer++) Within($"single0.resid_post.{layer}", run[Hook.ResidPost(layer)]);
        Within("single0.logits", run.Logits);
        Assert.All(Parity.Greedy(model, golden), g => Assert.Equal(g.Expected, g.Actual));
    }

    /// <summary>Two bfloat16 runs that round elsewhere differ, and roundings grow from layer to layer; so the measure is how far the reference's own bfloat16
    /// run is from its float32 run.</summary>
    [Theory]
    [InlineData("llama_bf16"), InlineData("gemma2_bf16")]
    public void ComputingIsAsCloseToFloat32AsTheReference(string family)
    {
        using var exact = new Golden(family, "golden_fp32_compute.safetensors");
        using var rounded = new Golden(family, "golden_bf16_compute.safetensors");
        using var model = HookedTransformer.Load(Folder(family), ScalarType.BFloat16);
        using var run = model.Run(exact.Ids("prompt0"), HookSet.EachLayer(4, Hook.ResidPost), logits: true);
        void AtMostTheReferencesError(string key, Tensor actual)
        {
            using var expected = exact.Read(key);
            using var reference = rounded.Read(key);
            var (ours, theirs) = (Error(actual, expected), Error(reference, expected));
            output.WriteLine($"{family} {key}: {ours:0.0e+0} from float32, the reference {theirs:0.0e+0}");
            Assert.InRange(ours, 1e-4, 1.25 * theirs);
        }
        for (var layer = 0; layer < 4; layer++) AtMostTheReferencesError($"single0.resid_post.{layer}", run[Hook.ResidPost(layer)]);
        AtMostTheReferencesError("single0.logits", run.Logits);
    }

    /// <summary>Relative, in the Euclidean norm.</summary>
    private static double Error(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        return ((actual.to(ScalarType.Float32) - expected).norm() / expected.norm()).item<float>();
    }
}
