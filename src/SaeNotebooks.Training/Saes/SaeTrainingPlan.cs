namespace SaeNotebooks.Training.Saes;

/// <summary>How TopK SAEs are trained, one per hook, all on the same forward passes (Gao et al. 2024).</summary>
public sealed record SaeTrainingPlan
{
    /// <summary>Latents per dimension of the activation.</summary>
    public int Expansion { get; init; } = 8;

    /// <summary>Latents that may fire per token.</summary>
    public int K { get; init; } = 32;

    /// <summary>Rounds; each harvests fresh activations, shuffles them and learns from each once.</summary>
    public int Rounds { get; init; } = 40;

    /// <summary>Documents harvested per round.</summary>
    public int DocumentsPerRound { get; init; } = 1024;

    /// <summary>Tokens per optimiser step.</summary>
    public int TokensPerStep { get; init; } = 1024;

    /// <summary>Adam's learning rate; it warms up over the first round and falls to 0 over the last third.</summary>
    public double Rate { get; init; } = 2e-3;

    /// <summary>Tokens without firing after which a latent counts as dead and learns from the residual (AuxK).</summary>
    public int DeadAfterTokens { get; init; } = 100_000;

    /// <summary>Weight of the AuxK loss, 1/32 in the paper.</summary>
    public double AuxiliaryWeight { get; init; } = 1.0 / 32;

    /// <summary>Seeds the initial weights, the documents and the order of tokens.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Factor on the rate at a step.</summary>
    /// <param name="progress">share of the run that is done, 0 to 1</param>
    public double RateFactor(double progress) => Math.Min(1, Math.Min(progress * Rounds + 0.02, (1 - progress) * 3));
}
