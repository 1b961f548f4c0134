using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.LanguageModels;

/// <summary>How long and how fast to learn.</summary>
public sealed record TrainingPlan
{
    /// <summary>Optimiser steps in all.</summary>
    public int Steps { get; init; } = 5200;

    /// <summary>Steps over which the rates rise from 0.</summary>
    public int WarmUp { get; init; } = 150;

    /// <summary>Share of the steps, at the end, over which the rates fall to 0 in a straight line.</summary>
    public double DecayShare { get; init; } = 0.45;

    /// <summary>Rate of Muon, for the matrices of the blocks.</summary>
    public double MatrixRate { get; init; } = 0.02;

    /// <summary>Rate of AdamW, for the embedding.</summary>
    public double EmbeddingRate { get; init; } = 0.004;

    /// <summary>Rate of AdamW, for the gains of the norms.</summary>
    public double NormRate { get; init; } = 0.004;

    /// <summary>Decoupled weight decay of the matrices and the embedding.</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>What matrix products are computed in; all else is float32. bfloat16 where the processor has instructions for it, four times as fast
    /// there, and float32 elsewhere: a run is the same to the bit only on the same machine.</summary>
    public ScalarType ProductType { get; init; } = Processor.MultipliesBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>Steps between checkpoints.</summary>
    public int CheckpointEvery { get; init; } = 250;

    /// <summary>Seeds the initial weights and the order of the documents.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Factor on all rates at a step from 0: warm-up, plateau, linear decay.</summary>
    public double RateFactor(long step)
    {
        var left = (Steps - step) / (Steps * DecayShare);
        return Math.Min(1, Math.Min((step + 1.0) / WarmUp, left));
    }
}
