using SaeNotebooks.Cli.Notebooks;

namespace SaeNotebooks.Cli.Export;

/// <summary>Part of a slide: one cell, shown at once, step by step, or only to the speaker.</summary>
/// <param name="Cell">the cell</param>
/// <param name="IsFragment">whether it appears on the next key press</param>
/// <param name="IsNote">whether only the speaker sees it</param>
internal sealed record SlidePart(Cell Cell, bool IsFragment = false, bool IsNote = false);

/// <summary>One screen.</summary>
/// <param name="Parts">the cells on it, in order</param>
internal sealed record Slide(IReadOnlyList<SlidePart> Parts);

/// <summary>Divides a notebook into slides: by its slideshow metadata, or by its headings and charts where it has none.</summary>
internal static class SlideOutline
{
    /// <summary>Columns of slides: the outer list goes right, the inner ones down.</summary>
    public static IReadOnlyList<IReadOnlyList<Slide>> Of(NotebookFile notebook)
    {
        var types = notebook.Cells.Any(c => c.SlideType is not null and not "-")
            ? notebook.Cells.Select(c => c.SlideType ?? "-")
            : ByContent(notebook.Cells);
        return Group(notebook.Cells.Zip(types));
    }

    private static List<List<Slide>> Group(IEnumerable<(Cell Cell, string Type)> cells)
    {
        var columns = new List<List<List<SlidePart>>>();
        foreach (var (cell, type) in cells)
        {
            if (type == "skip" || cell.Tags.Contains("remove-cell")) continue;
            if (type == "slide" || columns.Count == 0) columns.Add([[]]);
            else if (type == "subslide") columns[^1].Add([]);
            columns[^1][^1].Add(new SlidePart(cell, type == "fragment", type == "notes"));
        }
        return [.. columns.Select(column => column.Select(parts => new Slide(parts)).ToList())];
    }

    /// <summary>A title or section starts a slide; a subsection, a second result, or a chart after much text, starts one below.</summary>
    private static IEnumerable<string> ByContent(IReadOnlyList<Cell> cells)
    {
        var text = 0;
        var results = 0;
        foreach (var cell in cells)
        {
            var level = cell.Kind == CellKind.Markdown ? MarkdownHtml.LeadingHeading(cell.Source) : null;
            var isResult = cell.Kind == CellKind.Code && cell.Outputs.Count > 0;
            var isFull = isResult ? results > 0 || (text > MostTextBesideChart && CellHtml.HasPicture(cell)) : results > 0 && cell.Kind == CellKind.Markdown;
            var type = level switch { 1 or 2 => "slide", not null => "subslide", _ => isFull ? "subslide" : "-" };
            if (type != "-") (text, results) = (0, 0);
            if (isResult) results++;
            else text += cell.Source.Length;
            yield return type;
        }
    }

    private const int MostTextBesideChart = 240;
}
