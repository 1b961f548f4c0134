namespace SaeNotebooks.Features.Dashboards;

/// <summary>A number beside the title of a dashboard.</summary>
/// <param name="Name">what it is</param>
/// <param name="Value">as it is shown, with its unit</param>
/// <param name="Meaning">what appears under the pointer; empty for nothing</param>
public sealed record DashboardFact(string Name, string Value, string Meaning = "");

/// <summary>How often values fall between two borders, in bins of one width.</summary>
/// <param name="Title">what is counted</param>
/// <param name="Axis">what the horizontal axis measures</param>
/// <param name="From">left border of the first bin</param>
/// <param name="To">right border of the last</param>
/// <param name="Counts">by bin</param>
public sealed record DashboardHistogram(string Title, string Axis, double From, double To, IReadOnlyList<double> Counts)
{
    /// <summary>Whether it counts output tokens by their logit weight, and not tokens of the text by activation.</summary>
    public bool IsOfLogits { get; init; }

    /// <summary>Width of a bin.</summary>
    public double BinWidth => (To - From) / Counts.Count;
}

/// <summary>Examples from one part of a range.</summary>
/// <param name="Title">which part</param>
/// <param name="Note">how much of the firing it holds; empty for nothing</param>
/// <param name="Examples">in the order in which they are shown</param>
public sealed record ExampleGroup(string Title, string Note, IReadOnlyList<Example> Examples);

/// <summary>Latents that have something to do with the one shown.</summary>
/// <param name="Title">how they were found</param>
/// <param name="Measure">what the numbers are</param>
/// <param name="Latents">nearest first</param>
public sealed record NeighbourGroup(string Title, string Measure, IReadOnlyList<Neighbour> Latents);

/// <summary>A latent that has something to do with the one shown.</summary>
/// <param name="Latent">which</param>
/// <param name="Value">how much</param>
/// <param name="Label">what it stands for, if that is known</param>
public sealed record Neighbour(int Latent, double Value, string? Label = null);
