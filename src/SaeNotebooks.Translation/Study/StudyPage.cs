using System.Net;
using System.Text;
using SaeNotebooks.Figures;

namespace SaeNotebooks.Translation.Study;

/// <summary>The report of a study as one page, in Markdown and in HTML that needs no network.</summary>
/// <param name="Title">the heading</param>
/// <param name="Note">a line below it; may be empty</param>
/// <param name="Findings">one sentence or two each</param>
/// <param name="Figures">charts, in HTML alone</param>
/// <param name="Tables">what was measured</param>
internal sealed record StudyPage(string Title, string Note, IReadOnlyList<string> Findings, IReadOnlyList<Figure> Figures, IReadOnlyList<StudyTable> Tables)
{
    private const string Style = "body{font:16px/1.5 system-ui,sans-serif;max-width:1060px;margin:2em auto;padding:0 1em;color:#222;background:#fff}table{font-size:14px;display:block;overflow-x:auto}" +
        "h2{margin-top:2em}.sae-table td:first-child{white-space:nowrap!important}.note{color:#666}svg{max-width:100%;height:auto}@media(prefers-color-scheme:dark){body{color:#ddd;background:#161616}.note{color:#999}}";

    /// <summary>Without the title.</summary>
    public string ToMarkdown() => string.Join('\n', ["## Findings\n", .. Findings.Select(f => $"- {f}"), "", .. Tables.SelectMany(t => (string[])[$"## {t.Title}\n", t.Note + "\n", t.ToMarkdown()])]);

    /// <summary>A whole page.</summary>
    public string ToHtml()
    {
        static string Encode(string text) => WebUtility.HtmlEncode(text);
        var page = new StringBuilder($"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\"><title>{Encode(Title)}</title><style>{Style}</style></head><body>\n");
        page.Append($"<h1>{Encode(Title)}</h1>\n<p class=\"note\">{Encode(Note)}</p>\n");
        page.Append("<h2>Findings</h2>\n<ul>\n").AppendJoin("", Findings.Select(f => $"<li>{Encode(f)}</li>\n")).Append("</ul>\n");
        foreach (var figure in Figures) page.Append("<figure>\n").Append(figure.ToSvg()).Append("\n</figure>\n");
        foreach (var table in Tables) page.Append($"<h2>{Encode(table.Title)}</h2>\n<p class=\"note\">{Encode(table.Note)}</p>\n{table.ToHtml()}\n");
        return page.Append("</body></html>\n").ToString();
    }
}
