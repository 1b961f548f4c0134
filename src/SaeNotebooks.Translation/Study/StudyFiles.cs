using System.Globalization;
using SaeNotebooks.Figures;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Evaluation;

namespace SaeNotebooks.Translation.Study;

/// <summary>Writes a study's report.</summary>
public static class StudyFiles
{
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
    public static string Markdown(StudyReport report, Literature literature) => Page(report, literature, []).ToMarkdown();

    /// <summary>The report as one page.</summary>
    public static string Html(StudyReport report, Literature literature) => Page(report, literature, StudyFigures.Of(report)).ToHtml();

    private static StudyPage Page(StudyReport report, Literature literature, IReadOnlyList<Figure> figures) => new(Title(report),
        $"After {literature.Title} ({literature.Authors}); on {report.Task}, candidates from {report.Base}.", StudyVerdict.Of(report), figures, StudyTables.Of(report, literature));

    private static string Title(StudyReport report) => $"The translation switch in {report.Model}";
}
