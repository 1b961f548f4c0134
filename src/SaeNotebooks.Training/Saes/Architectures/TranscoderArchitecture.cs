using SaeNotebooks.Runtime;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Architectures;

/// <summary>
/// Transcoder (Dunefsky et al. 2024): reads the input of a component, such as an MLP, and predicts its output:
/// <c>a = ReLU(x W_enc + b_enc)</c>, <c>ŷ = a W_dec + b_dec</c>, <c>loss = ‖y − ŷ‖² + λ Σᵢ aᵢ ‖W_dec,ᵢ‖</c>.
/// </summary>
public sealed record TranscoderArchitecture : SaeArchitecture
{
    /// <summary>What decides λ.</summary>
    public Sparsity Sparsity { get; init; } = Sparsity.Target(64);

    /// <inheritdoc/>
    public override string Name => "transcoder";

    /// <inheritdoc/>
    public override bool IsTranscoder => true;

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
