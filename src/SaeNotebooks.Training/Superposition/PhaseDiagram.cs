namespace SaeNotebooks.Training.Superposition;

/// <summary>What becomes of an extra feature that has to share a dimension with another.</summary>
public enum Phase
{
    /// <summary>It is left out.</summary>
    NotRepresented,

    /// <summary>Both are represented, in opposite directions.</summary>
    Superposition,

    /// <summary>It has the dimension to itself, and the other is left out.</summary>
    Dedicated,
}

/// <summary>Two features, one dimension: which of them are represented, by how often they are present and how much the second matters
/// (Elhage et al. 2022, "phase change").</summary>
/// <param name="Densities">columns: how often features are present</param>
/// <param name="Importances">rows: how much the extra feature matters, where the other matters 1</param>
/// <param name="Phases">[importance][density]</param>
/// <param name="ExtraNorms">[importance][density]: norm of the extra feature's direction</param>
public sealed record PhaseDiagram(IReadOnlyList<double> Densities, IReadOnlyList<double> Importances, IReadOnlyList<IReadOnlyList<Phase>> Phases,
    IReadOnlyList<IReadOnlyList<double>> ExtraNorms)
{
    private const double Represented = 0.4;

    /// <summary>Trains several models for each cell, all at once, and keeps the one with the least loss: training can get stuck.</summary>
    /// <param name="densities">columns</param>
    /// <param name="importances">rows</param>
    /// <param name="tries">models per cell</param>
    /// <param name="steps">optimiser steps</param>
    /// <param name="seed">of all of it</param>
    /// <param name="cancellation">ends it with an exception</param>
    public static PhaseDiagram Compute(IReadOnlyList<double> densities, IReadOnlyList<double> importances, int tries = 4, int steps = 1500, long seed = 1,
        CancellationToken cancellation = default)
    {
        var cells = importances.SelectMany(i => densities.SelectMany(d => Enumerable.Repeat((Importance: i, Density: d), tries))).ToList();
        using var models = ToyModels.Train(new ToySettings
        {
            Features = 2, Hidden = 1, Densities = [.. cells.Select(c => c.Density)], Importances = [.. cells.Select(c => (IReadOnlyList<double>)[1, c.Importance])],
            Steps = steps, Seed = seed,
        }, cancellation);
        var norms = Enumerable.Range(0, cells.Count / tries).Select(cell =>
        {
            var best = Enumerable.Range(cell * tries, tries).MinBy(m => models.Losses[m]);
            return models.Geometry(best).Norms;
        }).ToList();
        IReadOnlyList<IReadOnlyList<T>> Table<T>(Func<IReadOnlyList<double>, T> of) => [.. norms.Select(of).Chunk(densities.Count)];
        return new(densities, importances, Table(PhaseOf), Table(n => n[1]));
    }

    private static Phase PhaseOf(IReadOnlyList<double> norms) =>
        norms[1] < Represented ? Phase.NotRepresented : norms[0] < Represented ? Phase.Dedicated : Phase.Superposition;
}
