namespace SaeNotebooks.Display;

/// <summary>Texts under a first one, with the words marked that are not in the first.</summary>
/// <param name="Heading">what the texts have in common, for example the prompt; may be empty</param>
/// <param name="First">what the others are compared with</param>
/// <param name="Others">the other texts</param>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed record TextComparison(string Heading, LabelledText First, IReadOnlyList<LabelledText> Others) : IDisplayable
{
    private const string Cell = "padding:4px 12px;border-bottom:1px solid rgba(128,128,128,.25);text-align:left;vertical-align:top";

    /// <inheritdoc/>
    public string ToHtml()
    {
        var rows = Row(First.Label, Html.Encode(First.Text)) + string.Concat(Others.Select(o => Row(o.Label, string.Concat(Against(o).Select(w =>
            w.Differs ? $"<mark style=\"background:rgba(232,89,12,.35);color:inherit;border-radius:3px\">{Html.Encode(w.Word)}</mark>" : Html.Encode(w.Word))))));
        var heading = Heading.Length == 0 ? "" : $"<caption style=\"caption-side:top;text-align:left;padding:4px 12px;opacity:.75;white-space:pre-wrap\">{Html.Encode(Heading)}</caption>";
        return $"<table class=\"sae-texts\" style=\"border-collapse:collapse;background:none;max-width:1000px\">{heading}<tbody>{rows}</tbody></table>";
    }

    /// <inheritdoc/>
    public string ToText()
    {
        var width = Others.Append(First).Max(t => t.Label.Length);
        IEnumerable<string> lines = [$"{First.Label.PadRight(width)}  {First.Text}",
            .. Others.Select(o => $"{o.Label.PadRight(width)}  {string.Concat(Against(o).Select(w => w.Differs ? $"[{w.Word}]" : w.Word))}")];
        return (Heading.Length == 0 ? "" : Heading + "\n") + string.Join("\n", lines);
    }

    /// <inheritdoc/>
    public override string ToString() => ToText();

    private IReadOnlyList<(string Word, bool Differs)> Against(LabelledText other) =>
        WordDiff.Compare(SideBySide.Split(First.Text), SideBySide.Split(other.Text)).Right;

    private static string Row(string label, string text) =>
        $"<tr><th style=\"{Cell};font-weight:600;white-space:nowrap\">{Html.Encode(label)}</th><td style=\"{Cell};white-space:pre-wrap\">{text}</td></tr>\n";
}
