using SaeNotebooks.Display;
using SaeNotebooks.Figures;

namespace SaeNotebooks.Steering;

/// <summary>How a measure depends on the dose of an edit.</summary>
/// <param name="Measure">what was measured, with its unit</param>
/// <param name="Doses">the doses</param>
/// <param name="Values">[dose][prompt]</param>
/// <param name="Unedited">[prompt], without the edit</param>
[TypeFormatterSource(typeof(FormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Plotly, MimeTypes.Svg, MimeTypes.Text])]
public sealed record DoseResponse(string Measure, IReadOnlyList<double> Doses, IReadOnlyList<IReadOnlyList<double>> Values, IReadOnlyList<double> Unedited)
    : IDisplayable
{
    /// <summary>The mean over prompts at each dose.</summary>
    public IReadOnlyList<double> Means => [.. Values.Select(v => v.Average())];

    /// <summary>Mean over prompts of the difference to the same prompt without the edit, at each dose.</summary>
    public IReadOnlyList<double> Changes => [.. Values.Select(v => v.Zip(Unedited, (a, b) => a - b).Average())];

    /// <summary>Standard error of <see cref="Changes"/> over prompts; 0 for a single prompt.</summary>
    public IReadOnlyList<double> StandardErrors => [.. Values.Select(v => StandardError([.. v.Zip(Unedited, (a, b) => a - b)]))];

    /// <summary>The means over the dose, with standard errors of the paired difference, and the unedited mean as a line.</summary>
    /// <param name="title">the finding; by default what was measured</param>
    public Figure ToFigure(string? title = null) =>
        Chart.Line(title ?? $"{Measure} by dose, {Unedited.Count} prompt{(Unedited.Count == 1 ? "" : "s")}", "dose", Measure,
            new Series("steered", Figures.Values.Of(Means), Figures.Values.Of(Doses)))
            .WithErrorBars(0, Figures.Values.Of(StandardErrors)).WithReferenceLine("unedited", y: Unedited.Average());

    /// <inheritdoc/>
    public string ToHtml() => ToFigure().ToHtml();

    /// <inheritdoc/>
    public string ToText() => Show.Table(["dose", Measure, "change", "standard error"],
        Doses.Select((dose, i) => (IReadOnlyList<object?>)[dose, Means[i], Changes[i], StandardErrors[i]])).ToText();

    /// <inheritdoc/>
    public string ToSvg() => ToFigure().ToSvg();

    /// <inheritdoc/>
    public string ToPlotlyJson() => ToFigure().ToPlotlyJson();

    /// <inheritdoc/>
    public override string ToString() => ToText();

    private static double StandardError(double[] values)
    {
        if (values.Length < 2) return 0;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length);
    }
}
