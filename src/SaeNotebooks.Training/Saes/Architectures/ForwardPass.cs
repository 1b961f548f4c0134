using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Architectures;

/// <summary>What a step knows beside its batch.</summary>
/// <param name="DeadLatents">[n] int64: latents that have long been silent; null if there are none</param>
/// <param name="Coefficient">factor of the sparsity penalty at this step</param>
internal sealed record StepContext(Tensor? DeadLatents, double Coefficient)
{
    /// <summary>Number of dead latents.</summary>
    public long DeadCount => DeadLatents?.shape[0] ?? 0;
}

/// <summary>A differentiable pass through an SAE.</summary>
/// <param name="Terms">the terms of the loss by name, scalars; their sum is minimised</param>
/// <param name="Activations">[batch, d_sae], 0 where a latent is silent</param>
/// <param name="Residual">[batch, d_out]: reconstruction − target</param>
internal sealed record ForwardPass(IReadOnlyList<(string Name, Tensor Value)> Terms, Tensor Activations, Tensor Residual);

/// <summary>What a step of training computed.</summary>
/// <param name="Terms">the terms of the loss by name</param>
/// <param name="L0">active latents per token</param>
/// <param name="Fired">[d_sae] bool: latents that were active on any token</param>
/// <param name="Residual">[batch, d_out]: reconstruction − target; holds until the next step</param>
/// <param name="Gradients">of the trained tensors in their order; they hold until the next step</param>
internal sealed record StepResult(IReadOnlyList<(string Name, double Value)> Terms, double L0, Tensor Fired, Tensor Residual, IReadOnlyList<Tensor> Gradients)
{
    /// <summary>The whole loss.</summary>
    public double Loss => Terms.Sum(t => t.Value);

    /// <summary>Differentiates a pass.</summary>
    public static StepResult ByAutograd(SaeParameters parameters, ForwardPass pass)
    {
        foreach (var (_, tensor) in parameters.Trained)
        {
            using var quietly = no_grad();
            tensor.grad?.zero_();
        }
        pass.Terms.Select(t => t.Value).Aggregate((sum, term) => sum.Plus(term)).backward();
        using var quiet = no_grad();
        var active = pass.Activations.detach().ne(Scalars.Zero);
        return new([.. pass.Terms.Select(t => (t.Name, t.Value.to(float64).item<double>()))], active.sum(-1).to(float64).mean().item<double>(),
            active.any(0), pass.Residual.detach(), [.. parameters.Trained.Select(t => t.Tensor.grad!)]);
    }
}
