using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

/// <summary>bfloat16 files, computed in float32 and in bfloat16.</summary>
public sealed class Bfloat16Tests : IDisposable
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

    /// <summary>bfloat16 rounds everywhere, so the measure is how far the reference's own bfloat16 run is from its float32 run.</summary>
    [Theory]
    [InlineData("llama_bf16"), InlineData("gemma2_bf16")]
    public void ComputingIsAsCloseToFloat32AsTheReference(string family)
    {
        using var exact = new Golden(family, "golden_fp32_compute.safetensors");
        using var rounded = new Golden(family, "golden_bf16_compute.safetensors");
        using var model = HookedTransformer.Load(Folder(family), ScalarType.BFloat16);
        using var run = model.Run(exact.Ids("prompt0"), HookSet.EachLayer(4, Hook.ResidPost), logits: true);
        using var scope = NewDisposeScope();
        void AtMostTheReferencesError(string key, Tensor actual)
        {
            var expected = exact.Read(key);
            double Error(Tensor x, Tensor y) => ((x.to(ScalarType.Float32) - y).norm() / y.norm()).item<float>();
            var (ours, theirs, between) = (Error(actual, expected), Error(rounded.Read(key), expected), Error(actual, rounded.Read(key)));
            TestContext.Current.TestOutputHelper!.WriteLine($"{family} {key}: to float32 {ours:g3}, the reference's {theirs:g3}, to the reference {between:g3}");
            Assert.True(ours <= 1.25 * theirs, $"{key}: {ours:g3}, the reference's is {theirs:g3}");
            Assert.InRange(ours, 1e-4, 2e-2);
        }
        Assert.Equal(ScalarType.BFloat16, run[Hook.ResidPost(3)].dtype);
        for (var layer = 0; layer < 4; layer++) AtMostTheReferencesError($"single0.resid_post.{layer}", run[Hook.ResidPost(layer)]);
        AtMostTheReferencesError("single0.logits", run.Logits);
    }
}
