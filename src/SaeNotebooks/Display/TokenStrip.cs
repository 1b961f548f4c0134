using SaeNotebooks.Figures;
using SaeNotebooks.Figures.Svg;

namespace SaeNotebooks.Display;

/// <summary>Tokens in a row, each on a ground whose strength shows its value; the value appears under the pointer.</summary>
/// <param name="Tokens">the texts, with white space as it is</param>
/// <param name="Values">one number for each token</param>
/// <param name="Scale">how values become colours</param>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed record TokenStrip(IReadOnlyList<string> Tokens, IReadOnlyList<double> Values, Scale Scale) : IDisplayable
{
    /// <summary>The colours of all grounds: orange for what is there or adds, blue for what takes away. Every colour vision tells them apart.</summary>
    internal const string PositiveColor = "#E8590C", NegativeColor = "#1C7ED6";

    /// <summary>How a row of tokens is set.</summary>
    internal const string Style = "line-height:2;font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:14px";

    private static readonly Rgb Positive = Rgb.Parse(PositiveColor)!.Value, Negative = Rgb.Parse(NegativeColor)!.Value;

    /// <summary>Where a new line begins: before these tokens, under a heading of its own unless that is empty. The tokens stay one strip, in one scale.</summary>
    public IReadOnlyDictionary<int, string> Lines { get; init; } = new Dictionary<int, string>();

    private double Strongest => Values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();

    /// <inheritdoc/>
    public string ToHtml()
    {
        var tokens = string.Concat(Tokens.Select((t, i) => LineBefore(i) + Span(t, Values[i], i)));
        return $"<div class=\"sae-tokens\" style=\"{Style}\">{tokens}</div>" +
            $"<div style=\"font-size:12px;opacity:.75;margin-top:4px\">{Html.Encode(Key())}</div>";
    }

    /// <inheritdoc/>
    public string ToText() =>
        string.Join("\n", Tokens.Select((t, i) => $"{(Lines.TryGetValue(i, out var heading) ? $"{heading}\n" : "")}{Visible(t)}\t{Html.Number(Values[i])}"));

    /// <inheritdoc/>
    public override string ToString() => ToText();

    /// <summary>Spaces as a middle dot, line ends as an arrow, tabs as an arrow to the bar, other control characters by their code.</summary>
    internal static string Visible(string token) => token.Length == 0 ? "∅" : string.Concat(token.Select(c => c switch
    {
        ' ' or '▁' => "·", '\n' => "↵", '\r' => "␍", '\t' => "⇥",
        _ when char.IsControl(c) => $"\\x{(int)c:x2}",
        _ => c.ToString(),
    }));

    private string LineBefore(int position) => !Lines.TryGetValue(position, out var heading) ? ""
        : heading.Length > 0 ? $"<div style=\"font-family:system-ui,sans-serif;opacity:.8\">{Html.Encode(heading)}</div>" : position > 0 ? "<br>" : "";

    private string Span(string token, double value, int position)
    {
        var ground = Ground(value, Strongest, Scale);
        var title = Html.Encode($"{Visible(token)} = {Html.Number(value)} at position {position}");
        var pieces = token.EndsWith('\n') ? "<br>" : "<wbr>";
        return $"<span title=\"{title}\" style=\"background:{ground};border-radius:3px;padding:3px 1px;margin-right:1px;white-space:pre\">" +
            $"{Html.Encode(Visible(token))}</span>{pieces}";
    }

    /// <summary>A colour as CSS lists its channels: "232,89,12".</summary>
    internal static string Channels(string color) => Rgb.Parse(color) is { } c ? FormattableString.Invariant($"{c.R:0},{c.G:0},{c.B:0}") : "";

    /// <summary>The ground of a token. A translucent one lets the page's own text colour be read on light and dark pages alike.</summary>
    internal static string Ground(double value, double strongest, Scale scale)
    {
        var share = double.IsFinite(value) && strongest > 0 ? Math.Clamp(Math.Abs(value) / strongest, 0, 1) : 0;
        if (scale == Scale.Sequential && value < 0) share = 0;
        var hue = value < 0 ? Negative : Positive;
        return FormattableString.Invariant($"rgba({hue.R:0},{hue.G:0},{hue.B:0},{0.75 * share:0.###})");
    }

    private string Key()
    {
        var low = Values.Where(double.IsFinite).DefaultIfEmpty(0).Min();
        return Scale == Scale.Diverging
            ? $"blue −{Html.Number(Strongest)} · none 0 · orange {Html.Number(Strongest)}"
            : $"none 0 · orange {Html.Number(Strongest)}" + (low < 0 ? " (negative values are not coloured)" : "");
    }
}
