namespace SaeNotebooks.Training.Saes.Learning;

/// <summary>How long and how fast SAEs learn, whatever their architecture.</summary>
public sealed record SaeLearningPlan
{
    /// <summary>Optimiser steps in all.</summary>
    public int Steps { get; init; } = 4000;

    /// <summary>Tokens per step.</summary>
    public int TokensPerStep { get; init; } = 4096;

    /// <summary>How often each block of activations is learnt from, in another order each time: a second pass over it is cheaper than another
    /// forward pass of the model.</summary>
    public int PassesPerBlock { get; init; } = 1;

    /// <summary>Adam's learning rate at its height, for activations of a root-mean-square norm of √d_in.</summary>
    public double Rate { get; init; } = 3e-4;

    /// <summary>Steps over which the rate rises.</summary>
    public int WarmUpSteps { get; init; } = 200;

    /// <summary>Steps at the end over which the rate falls to 0 in a straight line.</summary>
    public int DecaySteps { get; init; } = 1000;

    /// <summary>Longest gradient, over all tensors of an SAE; longer ones are shortened to it.</summary>
    public double GradientClip { get; init; } = 1;

    /// <summary>Tokens without firing after which a latent counts as dead.</summary>
    public long DeadAfterTokens { get; init; } = 1_000_000;

    /// <summary>Whether decoder rows are kept at norm 1; else they move freely, and penalties and choices take their norms into account.</summary>
    public bool UnitDecoder { get; init; }

    /// <summary>What is done about dead latents besides a loss of the architecture's own; null for nothing.</summary>
    public Resampling? Resampling { get; init; }

    /// <summary>Seeds initial weights, the order of tokens and resampling.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Factor on the rate at a step from 0.</summary>
    public double RateFactor(long step) =>
        Math.Min(1, Math.Min((step + 1.0) / Math.Max(1, WarmUpSteps), (Steps - step) / (double)Math.Max(1, DecaySteps)));
}

/// <summary>Dead latents begin anew where the SAE reconstructs worst (Bricken et al. 2023, "neuron resampling").</summary>
/// <param name="EverySteps">steps between two resamplings</param>
/// <param name="UntilStep">none after this one, so that what begins anew has time to learn</param>
public sealed record Resampling(int EverySteps, int UntilStep);
