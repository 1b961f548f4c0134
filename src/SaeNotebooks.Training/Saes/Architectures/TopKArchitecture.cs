using SaeNotebooks.Saes;
using SaeNotebooks.Training.Saes.Sparse;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Architectures;

/// <summary>TopK SAE (Gao et al. 2024): the K strongest latents of each token are active.</summary>
public record TopKArchitecture : TopKFamily
{
    /// <summary>Latents that may be active per token.</summary>
    public int K { get; init; } = 64;

    /// <inheritdoc/>
    public override string Name => "topk";

    private protected override Tensor Keep(Tensor scores)
    {
        var (values, ids) = scores.topk(K, -1);
        return zeros_like(scores).scatter(-1, ids, values.relu());
    }

    internal override ISelection Selection(long tokens) => new TopKSelection(K);

    internal override Sae Export(SaeParameters p, SaeConfig config) => Exports.TopK(p, K, config);
}
