using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Formats;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Saes;

/// <summary>Each architecture against what SAELens itself computed from the same files.</summary>
public class SaeLensGoldenTests
{
    public static TheoryData<string> Architectures => ["standard", "topk", "jumprelu"];

    [Theory, MemberData(nameof(Architectures))]
    public void Latents_are_those_of_SAELens(string architecture)
    {
        using var golden = new Golden("sae_saelens_" + architecture);
        using var sae = SaeLensFormat.Load(Golden.PathOf("sae_saelens_" + architecture));
        using var x = golden.Read("x");
        using var expected = golden.Read("acts");
        using var latents = sae.Encode(x);
        using var dense = latents.ToDense();

        Assert.True(dense.gt(0).equal(expected.gt(0)).all().item<bool>(), "other latents are active");
        AssertClose(expected, dense);
        Assert.Equal(expected.gt(0).sum(1).to(float64).mean().item<double>(), latents.L0(), 1e-6);
    }

    [Theory, MemberData(nameof(Architectures))]
    public void Reconstructions_are_those_of_SAELens(string architecture)
    {
        using var golden = new Golden("sae_saelens_" + architecture);
        using var sae = SaeLensFormat.Load(Golden.PathOf("sae_saelens_" + architecture));
        using var x = golden.Read("x");
        using var expected = golden.Read("recon");
        using var latents = sae.Encode(x);
        using var decoded = sae.Decode(latents);
        AssertClose(expected, decoded);

        using var forward = golden.Read("fwd");
        using var reconstructed = sae.Reconstruct(x);
        AssertClose(forward, reconstructed);
        using var error = sae.Error(x);
        AssertClose(x - forward, error);
    }

    [Theory, MemberData(nameof(Architectures))]
    public void The_configuration_is_read(string architecture)
    {
        using var sae = SaeLensFormat.Load(Golden.PathOf("sae_saelens_" + architecture));
        Assert.Equal((architecture, 32, 128), (sae.Activation.Architecture, sae.InputWidth, sae.Width));
        Assert.Equal(new SaeConfig
        {
            Hook = Hook.ResidPost(1), ModelName = "tiny", ContextSize = 24, PrependBos = true, SubtractDecoderBias = architecture != "jumprelu",
        }, sae.Config);
    }

    /// <summary>Within 1e-5 of the largest value: a sum of 32 or 128 products has no better relative accuracy where terms cancel.</summary>
    private static void AssertClose(Tensor expected, Tensor actual) =>
        Compare.MaxAbs(expected, actual, 1e-5 * expected.abs().max().item<float>(), "against SAELens");
}
