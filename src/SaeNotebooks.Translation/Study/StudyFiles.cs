using System.Globalization;
using System.Net;
using System.Text;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Evaluation;

namespace SaeNotebooks.Translation.Study;

/// <summary>Writes a study's report.</summary>
public static class StudyFiles
{
    private const string Style = "body{font:16px/1.5 system-ui,sans-serif;max-width:1060px;margin:2em auto;padding:0 1em;color:#222;background:#fff}table{font-size:14px;display:block;overflow-x:auto}" +
        "h2{margin-top:2em}.sae-table td:first-child{white-space:nowrap!important}.note{color:#666}svg{max-width:100%;height:auto}@media(prefers-color-scheme:dark){body{color:#ddd;background:#161616}.note{color:#999}}";

    /// <summary>Writes <c>card.json</c> and <c>README.md</c>, <c>report.html</c>, which needs no network, every table as CSV in <c>tables</c>, and the
    /// candidates of each layer in the authors' columns in <c>consistency</c>; each file appears whole or not at all.</summary>
    /// <param name="folder">made if it is missing</param>
    /// <param name="report">the measurements</param>
    /// <param name="literature">figures beside them</param>
    /// <param name="markdown">the page for people; by default <see cref="Markdown"/> under a title</param>
    public static void Write(string folder, StudyReport report, Literature literature, string? markdown = null)
    {
        foreach (var table in StudyTables.Of(report, literature)) CardFile.WriteWhole(Path.Combine(folder, "tables", table.Name + ".csv"), table.ToCsv());
        foreach (var layer in report.Candidates.GroupBy(c => c.Id.Layer))
            CardFile.WriteWhole(Path.Combine(folder, "consistency", $"l{layer.Key.ToString(CultureInfo.InvariantCulture)}.csv"), ConsistencyCsv.Of(layer.Key, layer.Select(c => c.Found), value: 0));
        CardFile.WriteWhole(Path.Combine(folder, "report.html"), Html(report, literature));
        CardFile.Write(folder, report, markdown ?? $"# {Title(report)}\n\n{Markdown(report, literature)}", oneLine: true);
    }

    /// <summary>The measurements as Markdown, without a title.</summary>
    public static string Markdown(StudyReport report, Literature literature) => string.Join('\n',
        ["## Findings\n", .. StudyVerdict.Of(report).Select(v => $"- {v}"), "", .. StudyTables.Of(report, literature).SelectMany(t => (string[])[$"## {t.Title}\n", t.Note + "\n", t.ToMarkdown()])]);

    /// <summary>The report as one page.</summary>
    public static string Html(StudyReport report, Literature literature)
    {
        static string Encode(string text) => WebUtility.HtmlEncode(text);
        var page = new StringBuilder($"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\"><title>{Encode(Title(report))}</title><style>{Style}</style></head><body>\n");
        page.Append($"<h1>{Encode(Title(report))}</h1>\n<p class=\"note\">After {Encode($"{literature.Title} ({literature.Authors})")}; on {Encode(report.Task)}, candidates from {Encode(report.Base.ToString())}.</p>\n");
        page.Append("<h2>Findings</h2>\n<ul>\n").AppendJoin("", StudyVerdict.Of(report).Select(v => $"<li>{Encode(v)}</li>\n")).Append("</ul>\n");
        foreach (var figure in StudyFigures.Of(report)) page.Append("<figure>\n").Append(figure.ToSvg()).Append("\n</figure>\n");
        foreach (var table in StudyTables.Of(report, literature)) page.Append($"<h2>{Encode(table.Title)}</h2>\n<p class=\"note\">{Encode(table.Note)}</p>\n{table.ToHtml()}\n");
        return page.Append("</body></html>\n").ToString();
    }

    private static string Title(StudyReport report) => $"The translation switch in {report.Model}";
}
