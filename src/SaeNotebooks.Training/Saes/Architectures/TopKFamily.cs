using SaeNotebooks.Runtime;
using SaeNotebooks.Training.Saes.Sparse;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Architectures;

/// <summary>
/// SAEs in which a number of latents, not a penalty, says how many are active (Gao et al. 2024):
/// <c>z = (x − b_dec) W_enc + b_enc</c>, <c>a = ReLU(keep(z ⊙ ‖W_dec‖))</c>, <c>x̂ = (a / ‖W_dec‖) W_dec + b_dec</c>,
/// <c>loss = ‖x − x̂‖² + AuxK</c>. Latents compete by the length of what they would write, as if decoder rows had norm 1.
/// </summary>
public abstract record TopKFamily : SaeArchitecture
{
    /// <summary>Weight of the AuxK loss, by which dead latents learn from what the living leave over; 1 in SAELens.</summary>
    public double AuxiliaryWeight { get; init; } = 1;

    /// <summary>Whether dead latents get the decoder's bias on top of what they write, although it is in the reconstruction already: not in the
    /// paper, but in SAELens up to 6.18 and in sparsify.</summary>
    public bool BiasInAuxiliary { get; init; }

    /// <summary>Widths of nested dictionaries that each have to reconstruct on their own; the last is the whole.</summary>
    internal virtual IReadOnlyList<int> Levels => [Width];

    /// <summary>The scores that stay, the others 0: [batch, d_sae] → [batch, d_sae].</summary>
    private protected abstract Tensor Keep(Tensor scores);

    /// <summary>The same choice among scores that are computed a few tokens at a time.</summary>
    internal abstract ISelection Selection(long tokens);

    /// <summary>Called with the smallest score that was kept in a step; 0 if none was.</summary>
    internal virtual void Observe(SaeParameters p, double smallestKept) { }

    internal override ForwardPass Forward(SaeParameters p, Tensor x, Tensor y, StepContext step)
    {
        var norms = p.DecoderNorms();
        var a = Keep(p.PreActivations(x) * norms); // [batch, d_sae]
        Observe(p, SmallestPositive(a.detach()));
        var written = a / norms;
        var reconstruction = p.Skip is { } skip ? x.matmul(skip).Plus(p.DecoderBias) : p.DecoderBias;
        List<Tensor> residuals = [];
        var from = 0;
        foreach (var width in Levels)
        {
            reconstruction = written.narrow(1, from, width - from).matmul(p.Decoder.narrow(0, from, width - from)).Plus(reconstruction);
            residuals.Add(reconstruction - y);
            from = width;
        }
        return new([("mse", SquaredError(residuals[^1])), ("auxiliary", Auxiliary(p, x, residuals[^1], step)),
            .. residuals.SkipLast(1).Select((r, i) => ($"mse_{Levels[i]}", SquaredError(r)))], a, residuals[^1]);
    }

    internal override StepResult Step(SaeParameters p, Tensor x, Tensor y, StepContext step, Workspace workspace) => SparseStep.Run(this, p, x, y, step, workspace);

    private Tensor Auxiliary(SaeParameters p, Tensor x, Tensor residual, StepContext step)
    {
        if (AuxiliaryWeight == 0 || step.DeadLatents is not { } dead) return zeros(1).sum();
        Tensor Rows(Tensor of) => of.index_select(0, dead);
        return AuxK.Loss(p.Centre(x), residual.detach(), Rows(p.Encoder), Rows(p.EncoderBias), Rows(p.Decoder), BiasInAuxiliary ? p.DecoderBias : null).Times(AuxiliaryWeight);
    }

    private static double SmallestPositive(Tensor a)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var kept = a.masked_select(a.gt(Scalars.Zero));
        return kept.shape[0] == 0 ? 0 : kept.min().item<float>();
    }
}
