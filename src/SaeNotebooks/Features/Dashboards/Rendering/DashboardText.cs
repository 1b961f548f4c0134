using System.Text;
using SaeNotebooks.Display;
using SaeNotebooks.Tokenization;

namespace SaeNotebooks.Features.Dashboards.Rendering;

/// <summary>A dashboard in plain text, for terminals, logs and screen readers; active tokens stand in brackets.</summary>
internal static class DashboardText
{
    private const int PerGroup = 3;

    public static string Write(Dashboard d)
    {
        var text = new StringBuilder($"{d.Title}, {d.Where}\n");
        if (d.Label is { } label) text.Append($"label: {label.Text}{(label.Scores.Count > 0 ? $" ({string.Join(", ", label.Scores)})" : "")}\n");
        if (d.Notice is { } notice) text.Append(notice).Append('\n');
        text.Append(string.Join(", ", d.Facts.Select(f => $"{f.Name} {f.Value}"))).Append('\n');
        if (d.Logits is { } logits)
            text.Append($"promoted: {Words(logits.Top)}\nsuppressed: {Words(logits.Bottom)}\n");
        foreach (var group in d.Groups)
        {
            text.Append($"{group.Title}{(group.Note.Length > 0 ? $" ({group.Note})" : "")}\n");
            foreach (var example in group.Examples.Take(PerGroup)) text.Append($"  {Html.Number(example.Activation)}\t{Line(example)}\n");
        }
        foreach (var group in d.Neighbours) text.Append($"{group.Title} ({group.Measure}): {string.Join(", ", group.Latents.Select(n => $"{n.Latent} {Html.Number(Math.Round(n.Value, 3))}"))}\n");
        return text.ToString().TrimEnd();
    }

    private static string Words(IReadOnlyList<TokenWeight> weights) => string.Join(" ", weights.Select(w => $"{TokenStrip.Visible(w.Token.Text)} {Html.Number(w.Weight)}"));

    private static string Line(Example e) =>
        TokenText.Whole(string.Concat(e.Tokens.Select((t, i) => e.Activations[i] != 0 ? $"[{t.Text}]" : t.Text))).Replace("\n", "↵", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
}
