using System.Globalization;

namespace SaeNotebooks.Display;

/// <summary>Rows under headings; numbers stand to the right, and a click on a heading sorts.</summary>
/// <param name="Headings">one for each column</param>
/// <param name="Rows">cells, as many in each row as there are headings</param>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed record DataTable(IReadOnlyList<string> Headings, IReadOnlyList<IReadOnlyList<object?>> Rows) : IDisplayable
{
    private const int MostRows = 300;

    // Without scripts the table stays in the order given. Numbers sort as numbers (data-n), other cells as texts; an arrow says by which heading.
    private const string Sort = "var h=event.target.closest('th'),r=this.parentNode.tBodies[0],i=h.cellIndex,d=h.dataset.d==='-1'?1:-1;" +
        "Array.from(this.rows[0].cells).forEach(function(c){delete c.dataset.d;c.lastChild.textContent=''});h.dataset.d=d;h.lastChild.textContent=d&lt;0?' ▼':' ▲';" +
        "Array.from(r.rows).sort(function(a,b){a=a.cells[i];b=b.cells[i];return d*(a.dataset.n!==undefined&amp;&amp;b.dataset.n!==undefined?" +
        "a.dataset.n-b.dataset.n:a.textContent.localeCompare(b.textContent))}).forEach(function(x){r.appendChild(x)})";

    /// <inheritdoc/>
    public string ToHtml()
    {
        const string Cell = "padding:4px 12px;border-bottom:1px solid rgba(128,128,128,.25)";
        var head = string.Concat(Headings.Select((h, i) =>
            $"<th style=\"{Cell};cursor:pointer;text-align:{Side(i)}\" title=\"sort\">{Html.Encode(h)}<span></span></th>"));
        var body = string.Concat(Rows.Take(MostRows).Select(r => "<tr>" + string.Concat(r.Select((c, i) =>
            $"<td style=\"{Cell};text-align:{Side(i)};white-space:pre-wrap\"{Rank(c)}>{Html.Encode(Words.Of(c))}</td>")) + "</tr>\n"));
        return $"<table class=\"sae-table\" style=\"border-collapse:collapse;background:none\"><thead onclick=\"{Sort}\"><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>" +
            (Rows.Count <= MostRows ? "" : $"<div style=\"font-size:12px;opacity:.7\">The first {MostRows} of {Rows.Count:N0} rows, which a click on a heading sorts; SortedBy sorts all.</div>");
    }

    /// <inheritdoc/>
    public string ToText()
    {
        string[][] lines = [[.. Headings], .. Rows.Take(MostRows).Select(r => r.Select(Words.Of).ToArray())];
        int[] widths = [.. Headings.Select((_, i) => lines.Max(l => l[i].Length))];
        var more = Rows.Count <= MostRows ? "" : $"\n… and {Rows.Count - MostRows:N0} more rows";
        return string.Join("\n", lines.Select(l => string.Join("  ", l.Select((c, i) => IsNumeric(i) ? c.PadLeft(widths[i]) : c.PadRight(widths[i]))).TrimEnd())) + more;
    }

    /// <inheritdoc/>
    public override string ToString() => ToText();

    /// <summary>The table ordered by one column; numbers by size, all else by text.</summary>
    /// <exception cref="ArgumentException">no column has this heading</exception>
    public DataTable SortedBy(string heading, bool descending = false)
    {
        var column = Headings.ToList().IndexOf(heading);
        if (column < 0) throw new ArgumentException($"The table has no column '{heading}'; its columns are {string.Join(", ", Headings)}.");
        var order = Comparer<object?>.Create((a, b) => AsNumber(a) is { } x && AsNumber(b) is { } y
            ? x.CompareTo(y) : string.CompareOrdinal(Words.Of(a), Words.Of(b)));
        return this with { Rows = [.. descending ? Rows.OrderByDescending(r => r[column], order) : Rows.OrderBy(r => r[column], order)] };
    }

    private bool IsNumeric(int column) => Rows.Count > 0 && Rows.All(r => r[column] is null || AsNumber(r[column]) is not null);

    private string Side(int column) => IsNumeric(column) ? "right" : "left";

    private static string Rank(object? cell) =>
        AsNumber(cell) is { } n ? $" data-n=\"{n.ToString("R", CultureInfo.InvariantCulture)}\"" : "";

    private static double? AsNumber(object? cell) =>
        cell is double or float or int or long or decimal or short or byte or uint or ulong ? Convert.ToDouble(cell, CultureInfo.InvariantCulture) : null;
}
