using SaeNotebooks.Runtime;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Architectures;

/// <summary>
/// ReLU SAE with an L1 penalty (Bricken et al. 2023), weighted by the length of what latents write so that none escapes it by growing its
/// decoder row (Anthropic, update of April 2024):
/// <c>a = ReLU((x − b_dec) W_enc + b_enc)</c>, <c>x̂ = a W_dec + b_dec</c>, <c>loss = ‖x − x̂‖² + λ Σᵢ aᵢ ‖W_dec,ᵢ‖</c>.
/// </summary>
public sealed record StandardArchitecture : SaeArchitecture
{
    /// <summary>What decides λ.</summary>
    public Sparsity Sparsity { get; init; } = Sparsity.Target(64);

    /// <inheritdoc/>
    public override string Name => "standard";

    internal override Sparsity SparsityControl => Sparsity;

    internal override ForwardPass Forward(SaeParameters p, Tensor x, Tensor y, StepContext step)
    {
        var a = p.PreActivations(x).relu(); // [batch, d_sae]
        var residual = p.Decode(a) - y;
        var l1 = a.matmul(p.DecoderNorms()).mean();
        return new([("mse", SquaredError(residual)), ("l1", l1.Times(step.Coefficient))], a, residual);
    }

    internal override Sae Export(SaeParameters p, SaeConfig config) => Exports.Relu(p, config);
}
