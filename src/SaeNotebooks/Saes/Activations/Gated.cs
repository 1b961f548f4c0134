using SaeNotebooks.Runtime;
using SaeNotebooks.Saes.Kernels;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Activations;

/// <summary>
/// A gate decides whether a latent fires, a magnitude how strongly: (π_gate &gt; 0) · relu(π_mag), where π_gate = x · W_enc + b_gate and
/// π_mag = (x · W_enc) · exp(r_mag) + b_mag (Rajamanoharan et al. 2024, "Improving dictionary learning with gated SAEs").
/// </summary>
/// <remarks>The SAE's b_enc is b_gate, so that its pre-activation is π_gate, and π_mag = π_gate · Gain + Offset.</remarks>
public sealed record Gated : SparseActivation
{
    private Gated(Tensor gain, Tensor offset) => (Gain, Offset) = (gain, offset);

    /// <summary>exp(r_mag), [d_sae] float32; owned by the SAE.</summary>
    public Tensor Gain { get; }

    /// <summary>b_mag − b_gate · exp(r_mag), [d_sae] float32; owned by the SAE.</summary>
    public Tensor Offset { get; }

    /// <summary>From the paper's tensors, which stay the caller's.</summary>
    /// <param name="gateBias">b_gate [d_sae], also the SAE's b_enc</param>
    /// <param name="logGain">r_mag [d_sae]</param>
    /// <param name="magnitudeBias">b_mag [d_sae]</param>
    public static Gated From(Tensor gateBias, Tensor logGain, Tensor magnitudeBias)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var gain = logGain.exp();
        return new(gain.MoveToOuterDisposeScope(), (magnitudeBias - gateBias * gain).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override string Architecture => "gated";

    /// <inheritdoc/>
    public override Tensor Dense(Tensor pre)
    {
        using var scope = NewDisposeScope();
        return ((pre * Gain).Plus(Offset).relu() * pre.gt(Scalars.Zero)).MoveToOuterDisposeScope();
    }

    internal override SparseActivation Of(Tensor index) => new Gated(Gain.index_select(0, index), Offset.index_select(0, index));

    internal override LatentScan Scan(int tokens, float[] bias) => new GatedScan(tokens, bias, Managed(Gain), Managed(Offset));

    internal override IEnumerable<Tensor> Tensors => [Gain, Offset];

    internal override void RequireFit(int width)
    {
        RequireLatents(Gain, "r_mag", width);
        RequireLatents(Offset, "b_mag", width);
    }

    private sealed class GatedScan(int tokens, float[] bias, float[] gain, float[] offset) : ThresholdScan(tokens, bias, new float[bias.Length])
    {
        protected override float Value(int latent, float pre) => pre * gain[latent] + offset[latent];
    }
}
