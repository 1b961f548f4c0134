using SaeNotebooks.Features.Interpretation;

namespace SaeNotebooks.Features.Dashboards;

/// <summary>How much a dashboard shows.</summary>
public sealed record DashboardOptions
{
    /// <summary>Strongest examples.</summary>
    public int Top { get; init; } = 8;

    /// <summary>Parts of the range, of equal width, from each of which examples are drawn: the strongest alone tell false stories.</summary>
    public int Bands { get; init; } = 5;

    /// <summary>Examples from each part.</summary>
    public int PerBand { get; init; } = 3;

    /// <summary>Whether lists of tokens, latents and labels are folded away under the examples, one click from view, so that the rest fits a slide.</summary>
    public bool Folded { get; init; }

    /// <summary>Rows of each list of tokens and latents.</summary>
    public int Rows { get; init; } = 8;

    /// <summary>Bins of the histograms.</summary>
    public int Bins { get; init; } = 40;

    /// <summary>How much of a text is shown around a token.</summary>
    public ContextWindow Window { get; init; } = ContextWindow.Default;

    /// <summary>Labels of the SAE's latents, shown where they are known; by default those that are kept beside the index.</summary>
    public LatentLabels? Labels { get; init; }

    /// <summary>Neuronpedia's names of model and SAE, such as <c>gpt2-small/8-res-jb</c>, for links to it; by default those of the release that the SAE was
    /// loaded from, if Neuronpedia is known to have it.</summary>
    public string? NeuronpediaSource { get; init; }

    /// <summary>Tokens of the corpus that are run through the model for the dashboard of a direction; an index does without.</summary>
    public int DirectionTokens { get; init; } = 100_000;

    internal ReportOptions Report => new() { Top = Top, Intervals = Bands, PerInterval = PerBand, Rows = Rows, Bins = Bins, Window = Window };
}
