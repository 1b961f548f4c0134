using System.Text;
using SaeNotebooks.Display;
using SaeNotebooks.Features.Interpretation;

namespace SaeNotebooks.Features.Dashboards.Rendering;

/// <summary>
/// A dashboard as HTML, the same in notebooks, exported pages, slides and the static site: no scripts, no style sheet that a host could strip, text in
/// the page's own colour, and columns that fall below each other where there is no room.
/// </summary>
internal static class DashboardHtml
{
    private const string Line = "rgba(128,128,128,.28)", Faint = "opacity:.72";

    /// <param name="d">what is shown</param>
    /// <param name="linkOf">where another latent's page is; null where there is none</param>
    public static string Write(Dashboard d, Func<int, string?>? linkOf = null)
    {
        var html = new StringBuilder("<div class=\"sae-dashboard\" style=\"font:14px/1.45 system-ui,-apple-system,'Segoe UI','Noto Sans','DejaVu Sans',sans-serif;font-variant-numeric:tabular-nums;max-width:1240px\">\n");
        Head(html, d);
        var histograms = string.Concat(d.Histograms.Select(h => Section(h.Title, "", HistogramSvg.Write(h))));
        var examples = string.Concat(d.Groups.Select(g => Section(g.Title, g.Note, ExampleHtml.Write(g.Examples, Strongest(d)))));
        var logits = d.Logits is { } weights ? Section("Output tokens", "logit weights", RankedLists.Logits(weights)) : "";
        var tokens = d.Tokens.Count > 0 ? Section("Fires most often on", "of tokens that occur at least 5 times", RankedLists.Tokens(d.Tokens)) : "";
        var neighbours = Neighbours(d, linkOf);
        if (d.Folded)
            html.Append(Columns(histograms, examples)).Append("<details class=\"lists\"><summary style=\"cursor:pointer;margin:4px 0\">Output tokens, neighbours, and where it fires</summary>\n")
                .Append(Columns(logits + tokens, neighbours + Profiles(d))).Append("</details>\n</div>");
        else if (d.Groups.Count > 0) html.Append(Columns(histograms + logits + neighbours + tokens, examples + Profiles(d))).Append("</div>");
        else html.Append(Columns(histograms + logits + tokens, neighbours + Profiles(d))).Append("</div>");
        return html.ToString();
    }

    private static string Columns(string left, string right) =>
        $"<div style=\"display:flex;flex-wrap:wrap;gap:6px 28px;align-items:flex-start\">\n<div style=\"flex:1 1 300px;min-width:0\">\n{left}</div>\n<div style=\"flex:2.4 1 440px;min-width:0\">\n{right}</div>\n</div>\n";

    private static string Neighbours(Dashboard d, Func<int, string?>? linkOf) =>
        string.Concat(d.Neighbours.Select(group => Section(group.Title, group.Measure, RankedLists.Neighbours(group, linkOf))));

    private static void Head(StringBuilder html, Dashboard d)
    {
        var page = d.Page is { } uri ? $" · <a href=\"{Html.Encode(uri.AbsoluteUri)}\" target=\"_blank\" rel=\"noopener noreferrer\" style=\"color:inherit\">Neuronpedia ↗</a>" : "";
        html.Append($"<div style=\"font-size:1.5em;font-weight:650;line-height:1.25\">{Html.Encode(d.Title)}</div>\n");
        if (d.Label is { } label) html.Append($"<div style=\"font-size:1.1em;margin:2px 0\" dir=\"auto\">{Html.Encode(label.Text)} {Scores(label)}</div>\n");
        html.Append($"<div style=\"font-size:.88em;{Faint}\">{Html.Encode(d.Where)}{page}</div>\n");
        if (d.Notice is { } notice) html.Append($"<div style=\"border-left:3px solid #E69F00;padding:6px 12px;margin:10px 0;background:rgba(230,159,0,.12)\">{Html.Encode(notice)}</div>\n");
        html.Append("<div style=\"display:flex;flex-wrap:wrap;gap:4px 26px;margin:8px 0 2px\">");
        foreach (var fact in d.Facts)
            html.Append($"<span{(fact.Meaning.Length > 0 ? $" title=\"{Html.Encode(fact.Meaning)}\"" : "")}><span style=\"{Faint}\">{Html.Encode(fact.Name)}</span> <b>{Html.Encode(fact.Value)}</b></span>");
        html.Append("</div>\n");
    }

    private static string Scores(LatentLabel label) => label.Scores.Count == 0 ? ""
        : $"<span style=\"font-size:.8em;{Faint}\" title=\"balanced accuracy on examples that the label was not made from; 0.5 is guessing\">{Html.Encode(string.Join(" · ", label.Scores))}" +
          $"{(label.Source == LatentLabel.Lexical ? "" : $" · by {Html.Encode(label.Source)}")}</span>";

    private static string Section(string title, string note, string body) =>
        $"<div style=\"margin:12px 0 14px\"><div style=\"border-bottom:1px solid {Line};padding-bottom:2px;margin-bottom:4px\"><b>{Html.Encode(title)}</b>" +
        $"{(note.Length > 0 ? $" <span style=\"font-size:.85em;{Faint}\">{Html.Encode(note)}</span>" : "")}</div>\n{body}</div>\n";

    /// <summary>The colour of full strength is the same in all examples of a dashboard.</summary>
    private static double Strongest(Dashboard d) => d.Groups.SelectMany(g => g.Examples).SelectMany(e => e.Activations).Select(a => Math.Abs((double)a)).DefaultIfEmpty(0).Max();

    private static string Profiles(Dashboard d)
    {
        var kinds = d.Profile.Where(p => p.Rates.Any(r => r.Tokens > 0)).ToList();
        if (kinds.Count == 0) return "";
        var columns = string.Concat(kinds.Select(k => $"<div style=\"flex:1 1 190px;min-width:0\"><div style=\"{Faint};font-size:.9em\">{Html.Encode(k.Kind)}</div>{RankedLists.Profile(k, d.ProfileShowsMeans)}</div>"));
        return Section("By label", d.ProfileShowsMeans ? "mean over the label's tokens" : "share of the label's tokens on which it fires", $"<div style=\"display:flex;flex-wrap:wrap;gap:8px 22px\">{columns}</div>");
    }
}
