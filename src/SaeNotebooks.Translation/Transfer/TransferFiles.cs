using SaeNotebooks.Figures;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Study;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>Writes a transfer report.</summary>
public static class TransferFiles
{
    /// <summary>Writes <c>card.json</c> and <c>README.md</c>, <c>report.html</c>, which needs no network, and every table as CSV in <c>tables</c>; each file
    /// appears whole or not at all.</summary>
    /// <param name="folder">made if it is missing</param>
    /// <param name="report">the measurements</param>
    /// <param name="markdown">the page for people; by default <see cref="Markdown"/> under a title</param>
    public static void Write(string folder, TransferReport report, string? markdown = null)
    {
        foreach (var table in TransferTables.Of(report)) CardFile.WriteWhole(Path.Combine(folder, "tables", table.Name + ".csv"), table.ToCsv());
        CardFile.WriteWhole(Path.Combine(folder, "report.html"), Page(report, [.. report.Matchings.Select(m => Costs(report, m))]).ToHtml());
        CardFile.Write(folder, report, markdown ?? $"# {Title(report)}\n\n{Markdown(report)}", oneLine: true);
    }

    /// <summary>The measurements as Markdown, without a title.</summary>
    public static string Markdown(TransferReport report) => Page(report, []).ToMarkdown();

    /// <summary>A heading.</summary>
    public static string Title(TransferReport report) => $"Latents of {report.From.Name} in {report.To.Name}";

    private static StudyPage Page(TransferReport report, IReadOnlyList<Figure> figures) => new(Title(report),
        "Latents whose ablation costs the first model its translations, their counterparts in a second model, and whether these cost it too.", TransferFindings.Of(report), figures, TransferTables.Of(report));

    private static Figure Costs(TransferReport report, MatchingResult matching)
    {
        Points Cloud(string name, bool ofFound)
        {
            var pairs = matching.Latents.Zip(report.Sources).Where(p => p.First.ControlOf is null == ofFound).ToList();
            return new(name, Values.Of(pairs.Select(p => -p.Second.Latent.Effect.Value)), Values.Of(pairs.Select(p => -p.First.Effect.Value)), [.. pairs.Select(p => $"{p.First.Match.Latent} → {p.First.Match.Match}")]);
        }
        return Chart.Scatter($"Matched by {matching.By}: what the latent costs and what its match costs", $"cost of the latent in {report.From.Name}, nats per token", $"cost of the match in {report.To.Name}, nats per token",
            [Cloud("found latents", ofFound: true), .. matching.OfControls.Any() ? new[] { Cloud("their controls", ofFound: false) } : []]);
    }
}
