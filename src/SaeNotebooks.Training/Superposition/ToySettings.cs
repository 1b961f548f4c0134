namespace SaeNotebooks.Training.Superposition;

/// <summary>Toy models of superposition (Elhage et al. 2022): several at once, that differ in how often features are present and in how much they
/// matter.</summary>
public sealed record ToySettings
{
    /// <summary>n: features, which are present independently of each other, with a strength from 0 to 1.</summary>
    public int Features { get; init; } = 5;

    /// <summary>m: dimensions that they have to share.</summary>
    public int Hidden { get; init; } = 2;

    /// <summary>By model, how often a feature is present: 1 − sparsity in the paper.</summary>
    public IReadOnlyList<double> Densities { get; init; } = [1, 0.3, 0.1, 0.03];

    /// <summary>By model and feature, how much an error in it matters; null: 0.9 to the power of the feature's number.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Importances { get; init; }

    /// <summary>Optimiser steps.</summary>
    public int Steps { get; init; } = 3000;

    /// <summary>Examples per step and model.</summary>
    public int Batch { get; init; } = 512;

    /// <summary>Adam's learning rate at the beginning; it falls to 0 in a straight line.</summary>
    public double Rate { get; init; } = 0.01;

    /// <summary>Seeds weights and examples.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How much an error in a feature matters.</summary>
    internal double Importance(int model, int feature) => Importances?[model][feature] ?? Math.Pow(0.9, feature);
}
