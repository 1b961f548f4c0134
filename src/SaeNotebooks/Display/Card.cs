namespace SaeNotebooks.Display;

/// <summary>A heading and facts under it, as most objects show themselves.</summary>
/// <param name="Title">what it is, in a line</param>
/// <param name="Facts">names and values; those that are null are left out</param>
[TypeFormatterSource(typeof(FormatterSource))]
internal sealed record Card(string Title, IReadOnlyList<(string Name, object? Value)> Facts) : IDisplayable
{
    private const string Cell = "padding:2px 14px 2px 0;text-align:left;vertical-align:top";

    /// <summary>What stands below the facts.</summary>
    public IReadOnlyList<IDisplayable> Below { get; init; } = [];

    /// <summary>A picture beside them, as HTML that has no words.</summary>
    public string Picture { get; init; } = "";

    private IEnumerable<(string Name, string Text)> Lines => Facts.Where(f => f.Value is not null).Select(f => (f.Name, Words.Of(f.Value)));

    /// <inheritdoc/>
    public string ToHtml()
    {
        var rows = string.Concat(Lines.Select(l =>
            $"<tr><th style=\"{Cell};font-weight:400;opacity:.7;white-space:nowrap\">{Html.Encode(l.Name)}</th><td style=\"{Cell}\">{Html.Encode(l.Text)}</td></tr>"));
        var facts = rows.Length == 0 ? "" : $"<table style=\"border-collapse:collapse;background:none;margin:4px 0;font-size:13px\"><tbody>{rows}</tbody></table>";
        return $"<div class=\"sae-card\"><div style=\"font-weight:600\">{Html.Encode(Title)}</div>{facts}{Picture}{Rest}</div>";
    }

    private string Rest => Below.Count == 0 ? "" : $"<div style=\"font-size:13px\">{string.Concat(Below.Select(b => b.ToHtml()))}</div>";

    /// <inheritdoc/>
    public string ToText()
    {
        var lines = Lines.ToList();
        var width = lines.Count == 0 ? 0 : lines.Max(l => l.Name.Length);
        return string.Join("\n", [Title, .. lines.Select(l => $"  {l.Name.PadRight(width)}  {l.Text}".TrimEnd()), .. Below.Select(b => b.ToText())]);
    }
}
