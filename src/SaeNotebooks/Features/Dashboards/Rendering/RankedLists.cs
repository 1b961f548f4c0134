using SaeNotebooks.Display;

namespace SaeNotebooks.Features.Dashboards.Rendering;

/// <summary>Lists of a name and a number, whose size a bar behind them shows.</summary>
internal static class RankedLists
{
    // #rrggbbaa; translucent, so that the page's own text colour is read on light and dark pages alike.
    private const string Promoted = "#e8590c4d", Suppressed = "#1c7ed64d", Plain = "#009e734d";
    private const string Mono = ";font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace";

    public static string Logits(LogitWeights logits)
    {
        var largest = logits.Top.Concat(logits.Bottom).Select(w => Math.Abs(w.Weight)).DefaultIfEmpty(0).Max();
        string Column(string title, IReadOnlyList<TokenWeight> weights) => $"<div style=\"flex:1 1 130px;min-width:0\"><div style=\"opacity:.72;font-size:.9em\">{title}</div>" +
            List(Mono, weights.Select(w => Row(Token(w.Token.Text), w.Weight, largest, w.Weight < 0 ? Suppressed : Promoted, Html.Number(w.Weight)))) + "</div>";
        return $"<div style=\"display:flex;flex-wrap:wrap;gap:4px 18px\">{Column("promoted", logits.Top)}{Column("suppressed", logits.Bottom)}</div>";
    }

    public static string Tokens(IReadOnlyList<TokenRate> tokens) => List(";columns:2 190px;column-gap:22px" + Mono, tokens.Select(t =>
        Row(Token(t.Token.Text), t.Rate, 1, Plain, LatentDashboard.Percent(t.Rate), $"fires on {t.Fires:N0} of {t.Occurrences:N0}, mean {Html.Number(t.Mean)}")));

    public static string Neighbours(NeighbourGroup group, Func<int, string?>? linkOf) => List("", group.Latents.Select(n =>
    {
        var name = linkOf?.Invoke(n.Latent) is { } link ? $"<a href=\"{Html.Encode(link)}\">{n.Latent}</a>" : $"{n.Latent}";
        var label = n.Label is { } text ? $" <span style=\"opacity:.72\" dir=\"auto\">{Html.Encode(text)}</span>" : "";
        return Row(name + label, n.Value, 1, n.Value < 0 ? Suppressed : Promoted, Html.Number(Math.Round(n.Value, 3)), n.Label ?? "");
    }));

    public static string Profile(LabelProfile profile, bool means)
    {
        double Of(LabelRate r) => means ? r.Mean : r.Rate;
        var largest = profile.Rates.Max(r => Math.Abs(Of(r)));
        return List("", profile.Rates.Where(r => r.Tokens > 0).Select(r => Row(Html.Encode(r.Label), Of(r), largest, Of(r) < 0 ? Suppressed : Plain,
            means ? Html.Number(r.Mean) : LatentDashboard.Percent(r.Rate), means ? $"{r.Tokens:N0} tokens" : $"fires on {r.Fires:N0} of {r.Tokens:N0} tokens, mean {Html.Number(r.Mean)}")));
    }

    private static string Token(string token) => Html.Encode(TokenStrip.Visible(token));

    private static string List(string style, IEnumerable<string> rows) => $"<div style=\"white-space:nowrap{style}\">{string.Concat(rows)}</div>";

    private static string Row(string name, double value, double largest, string colour, string number, string title = "")
    {
        var share = largest > 0 ? Math.Clamp(Math.Abs(value) / largest, 0, 1) : 0;
        var bar = FormattableString.Invariant($"linear-gradient(90deg,{colour} {100 * share:0}%,#0000 0)");
        return $"<div{(title.Length > 0 ? $" title=\"{Html.Encode(title)}\"" : "")} style=\"overflow:hidden;text-overflow:ellipsis;margin:1px 0;padding:0 4px;background:{bar}\">" +
            $"<span style=\"float:right;padding-left:8px\">{number}</span>{name}</div>";
    }
}
