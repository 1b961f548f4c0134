using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Architectures;

/// <summary>
/// Matryoshka BatchTopK SAE (Bussmann, Nabeshima, Karvonen and Nanda 2025): the first latents alone, the first few more, and so on must each
/// reconstruct, so that general features come first and are not absorbed by special ones:
/// <c>loss = Σ_m ‖x − x̂_m‖² + AuxK</c>, where x̂_m is written by the active ones among the first m latents.
/// </summary>
public sealed record MatryoshkaArchitecture : BatchTopKArchitecture
{
    /// <summary>Numbers of latents of the nested dictionaries, rising; the whole width is added if it is not the last.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <inheritdoc/>
    public override string Name => "matryoshka_batchtopk";

    internal override IReadOnlyList<int> Levels => Widths.Count > 0 && Widths[^1] == Width ? Widths : [.. Widths, Width];

    internal override SaeParameters Initialise(long inputWidth, long outputWidth, Tensor centre, Generator generator)
    {
        if (Levels[0] < 1 || Levels.Zip(Levels.Skip(1)).Any(l => l.First >= l.Second))
            throw new ArgumentException($"The widths of a Matryoshka SAE rise from at least 1 to its {Width} latents; these are {string.Join(", ", Levels)}.");
        return base.Initialise(inputWidth, outputWidth, centre, generator);
    }
}
