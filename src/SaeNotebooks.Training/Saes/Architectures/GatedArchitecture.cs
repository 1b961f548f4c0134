using SaeNotebooks.Runtime;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Architectures;

/// <summary>
/// Gated SAE (Rajamanoharan et al. 2024a): one path decides which latents are active, the other how strongly, with shared directions:
/// <c>π = (x − b_dec) W_enc + b_gate</c>, <c>a = 1[π &gt; 0] ⊙ ReLU(exp(r_mag) ⊙ (x − b_dec) W_enc + b_mag)</c>,
/// <c>loss = ‖x − x̂(a)‖² + λ Σᵢ ReLU(πᵢ) ‖W_dec,ᵢ‖ + ‖x − x̂(ReLU(π))‖²</c>. Without the last term the gate would get no gradient that asks
/// for reconstruction. The paper keeps decoder rows at norm 1, which the weights of the penalty make unnecessary.
/// </summary>
public sealed record GatedArchitecture : SaeArchitecture
{
    private const string GateBias = "b_gate", MagnitudeBias = "b_mag", MagnitudeScale = "r_mag";

    /// <summary>What decides λ.</summary>
    public Sparsity Sparsity { get; init; } = Sparsity.Target(64);

    /// <summary>Whether the last two terms train the gate alone and leave the decoder as it is, as in the paper; in SAELens up to 6.18 they
    /// trained it too. (Of the two, only one: a decoder that the penalty may shrink and the last term may not hold loses its length.)</summary>
    public bool FrozenDecoder { get; init; } = true;

    /// <inheritdoc/>
    public override string Name => "gated";

    internal override Sparsity SparsityControl => Sparsity;

    private protected override void AddEncoderBias(SaeParameters parameters)
    {
        parameters.Train(GateBias, zeros(Width), Unit.Input);
        parameters.Train(MagnitudeBias, zeros(Width), Unit.Input);
        parameters.Train(MagnitudeScale, zeros(Width), Unit.One);
    }

    internal override ForwardPass Forward(SaeParameters p, Tensor x, Tensor y, StepContext step)
    {
        var read = p.Centre(x).matmul(p.Encoder.t()); // [batch, d_sae]
        var gate = read.Plus(p[GateBias]);
        var magnitude = (read * p[MagnitudeScale].exp()).Plus(p[MagnitudeBias]).relu();
        var a = magnitude * gate.gt(Scalars.Zero);
        var residual = p.Decode(a) - y;

        var open = gate.relu();
        var (decoder, bias) = FrozenDecoder ? (p.Decoder.detach(), p.DecoderBias.detach()) : (p.Decoder, p.DecoderBias);
        var l1 = open.matmul((decoder * decoder).sum(-1).sqrt()).mean();
        var viaGate = open.matmul(decoder).Plus(bias) - y;
        return new([("mse", SquaredError(residual)), ("l1", l1.Times(step.Coefficient)), ("auxiliary", SquaredError(viaGate))], a, residual);
    }

    internal override Sae Export(SaeParameters p, SaeConfig config) => Exports.Gated(p, p[GateBias], p[MagnitudeBias], p[MagnitudeScale], config);
}
