namespace SaeNotebooks.Training.FineTuning;

/// <summary>Low-rank adapters (Hu et al. 2022, "LoRA"): W = W₀ + alpha / rank · B A.</summary>
/// <param name="Rank">rows of A, columns of B</param>
/// <param name="Alpha">scale of what the adapters add, before it is divided by the rank</param>
public sealed record LoraSettings(int Rank = 8, double Alpha = 16);

/// <summary>How a trained model is trained on. Only answers count in the loss.</summary>
public sealed record FineTuningPlan
{
    /// <summary>Adapters to train instead of the weights; null trains all weights.</summary>
    public LoraSettings? Lora { get; init; }

    /// <summary>Optimiser steps, whatever the number of examples: examples are repeated, in another order each time.</summary>
    public int Steps { get; init; } = 60;

    /// <summary>Tokens per step, padding included, at most.</summary>
    public int TokensPerBatch { get; init; } = 4096;

    /// <summary>Largest learning rate of AdamW; adapters stand ten times as much as weights.</summary>
    public double Rate { get; init; } = 3e-4;

    /// <summary>Steps over which the rate rises from 0; after them it falls to 0 in a straight line.</summary>
    public int WarmUp { get; init; } = 6;

    /// <summary>Seeds the order of the examples and the adapters' first values.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The rate at a step from 0.</summary>
    internal double RateAt(long step) => Rate * Math.Min((step + 1.0) / Math.Max(1, WarmUp), (Steps - step) / (double)Math.Max(1, Steps - WarmUp));
}
