using SaeNotebooks.Display;
using SaeNotebooks.Figures;

namespace SaeNotebooks.Training.Saes.Learning;

/// <summary>Loss, L0, dead latents and explained variance of SAEs over the steps of a run; shows itself in a notebook.</summary>
/// <param name="names">of the SAEs</param>
/// <param name="steps">of the whole run</param>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed class TrainingCurves(IReadOnlyList<string> names, long steps) : IDisplayable
{
    /// <summary>Points of a curve, each the mean of as many steps as it takes.</summary>
    private const int MostPoints = 200;

    private static readonly (string Title, string Unit, Func<SaeStep, double> Value)[] Measures =
    [
        ("Loss", "loss", s => s.Loss), ("L0", "active latents per token", s => s.L0),
        ("Fraction of variance explained", "FVE", s => s.ExplainedVariance), ("Dead latents", "%", s => 100 * s.Dead),
    ];

    private readonly long _stepsPerPoint = Math.Max(1, (steps + MostPoints - 1) / MostPoints);
    private readonly List<double[][]> _points = []; // [point][measure][SAE]
    private readonly List<double> _at = [];
    private readonly List<SaeTrainingStep> _open = []; // steps of the point under way
    private readonly Lock _lock = new();

    /// <summary>Adds a step.</summary>
    internal void Add(SaeTrainingStep step)
    {
        lock (_lock)
        {
            _open.Add(step);
            if (_open.Count < _stepsPerPoint && step.Number < steps) return;
            _points.Add([.. Measures.Select(m => names.Select((_, sae) => _open.Average(s => m.Value(s.Saes[sae]))).ToArray())]);
            _at.Add(_open.Average(s => s.Number));
            _open.Clear();
        }
    }

    /// <summary>One chart for each of the four measures, with a line per SAE.</summary>
    public IReadOnlyList<Figure> Figures
    {
        get
        {
            lock (_lock)
                return [.. Measures.Select((m, i) => Chart.Line(m.Title, "step", m.Unit,
                    [.. names.Select((name, sae) => new Series(name, Values.Of(_points.Select(p => p[i][sae])), Values.Of(_at)))]).WithSize(480, 300))];
        }
    }

    /// <inheritdoc/>
    public string ToHtml() => _points.Count == 0 ? "<div></div>"
        : $"<div class=\"sae-curves\" style=\"max-width:1000px\">{Legend()}<div style=\"display:grid;grid-template-columns:1fr 1fr;gap:8px\">{string.Concat(Figures.Select((f, i) => Small(f, Measures[i]).ToEmbeddedSvg()))}</div></div>";

    /// <summary>Four charts stand on one slide: what their axes are is said in their titles and in the legend.</summary>
    private static Figure Small(Figure figure, (string Title, string Unit, Func<SaeStep, double> Value) measure) => figure
        .WithTitle(measure.Title.Contains(measure.Unit, StringComparison.OrdinalIgnoreCase) ? measure.Title : $"{measure.Title} ({measure.Unit})")
        .WithLayout("xaxis.title.text", "").WithLayout("yaxis.title.text", "").WithLayout("showlegend", false).WithSize(480, 180);

    /// <summary>One for all four charts, which leaves them the whole width.</summary>
    private string Legend() => $"<div>{string.Concat(names.Select((name, sae) =>
        $"<span style=\"display:inline-block;margin-right:1.5em\"><b style=\"color:{Palette.Categories[sae % Palette.Categories.Length]}\">―</b> {Html.Encode(name)}</span>"))}<span style=\"opacity:.75\">over the steps of the training</span></div>";

    /// <inheritdoc/>
    public string ToText() => _points.Count == 0 ? "no steps yet" : string.Join('\n', names.Select((name, sae) =>
        $"{name}: {string.Join(", ", Measures.Select((m, i) => $"{m.Title} {Html.Number(_points[0][i][sae])} → {Html.Number(_points[^1][i][sae])}"))}"));

    /// <inheritdoc/>
    public override string ToString() => ToText();
}
