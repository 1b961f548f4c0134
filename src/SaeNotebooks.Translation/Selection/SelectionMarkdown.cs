using System.Globalization;
using System.Text;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Selection;

/// <summary>The report for people.</summary>
public static class SelectionMarkdown
{
    private static readonly (string Title, Func<TranslationQuality, double> Value, double Scale, string Unit)[] Measures =
    [
        ("chrF, wordings of training", q => q.Quality, 1, ""), ("off task, wordings of training", q => q.OffTask, 100, " %"),
        ("chrF, held-out wordings", q => q.HeldQuality, 1, ""), ("off task, held-out wordings", q => q.HeldOffTask, 100, " %"),
    ];

    /// <summary>The report as Markdown.</summary>
    public static string Render(SelectionReport report)
    {
        var options = report.Options;
        var text = new StringBuilder($"""
            The model {report.Model} was trained on for {options.FineTuning.Steps} steps {(options.FineTuning.Lora is { } lora ? $"by adapters of rank {lora.Rank}" : "in full")} on a part of a pool of
            {options.PoolSize:N0} translations of which {100 * options.Noise:0} % are wrong. Examples were scored by {report.Scorer}. *Quality* is chrF to the hidden reference; it
            stands where the paper has COMET. S2, S3 and its reversal take examples of at least {options.Gate:0} chrF first, those of the highest loss, or on which the latents are least
            or most active; the gate alone takes such examples at random. Means over {options.Seeds} seeds with Student's 95 % intervals; the number of steps is the same for every budget.


            """);
        text.Append(CultureInfo.InvariantCulture, $"Before: chrF {report.Before.Quality:F1}, off task {100 * report.Before.OffTask:F1} %; in held-out wordings {report.Before.HeldQuality:F1} and {100 * report.Before.HeldOffTask:F1} %.\n\n");
        text.Append(Overall(report));
        foreach (var budget in options.Budgets)
        {
            text.Append(CultureInfo.InvariantCulture, $"## {100 * budget:0} % of the pool\n\n");
            text.Append(MarkdownTable.Of(["Strategy", "wrong examples picked", .. Measures.Select(m => m.Title)], options.Strategies.Select(s => (IReadOnlyList<string>)
            [
                Strategies.Name(s), Shown(report.Mean(s, budget, r => r.NoiseShare), 100, " %"), .. Measures.Select(m => Shown(report.Mean(s, budget, r => m.Value(r.Result)), m.Scale, m.Unit)),
            ])));
            text.Append('\n').Append(Differences(report, budget)).Append('\n');
        }
        text.Append("## What was picked\n\n").Append(Picked(report));
        return text.ToString();
    }

    private static string Overall(SelectionReport report) => SelectionVerdict.Of(report) is { Length: > 0 } verdict ? $"**{verdict}**\n\n" : "";

    private static string Differences(SelectionReport report, double budget)
    {
        if (!report.Options.Strategies.Contains(Strategy.LeastActive)) return "";
        var lines = SelectionContrast.Others.Where(report.Options.Strategies.Contains).Select(other => SelectionContrast.At(report, other, budget))
            .Select(c => $"- {Strategies.Name(Strategy.LeastActive)} over {Strategies.Name(c.Other)}: chrF {Signed(c.Quality)} ({Reading(c.Quality)}), off task {c.OffTask.Points} points ({Reading(c.OffTask)}).");
        return string.Join('\n', lines) + "\n";
    }

    private static string Picked(SelectionReport report)
    {
        var kinds = Enum.GetValues<Noise>();
        var rows = from budget in report.Options.Budgets
                   from strategy in report.Options.Strategies
                   select (IReadOnlyList<string>)
                   [
                       $"{Strategies.Name(strategy)}, {100 * budget:0} %",
                       .. kinds.Select(k => Shown(report.Mean(strategy, budget, r => r.Picked.GetValueOrDefault(k) / (double)r.Picked.Values.Sum()), 100, " %", interval: false)),
                   ];
        return MarkdownTable.Of(["Strategy and budget", .. kinds.Select(k => k == Noise.None ? "right" : k.ToString())], rows);
    }

    private static string Reading(Estimate difference) => difference.Low > 0 || difference.High < 0 ? "the interval leaves out 0" : "the interval includes 0";

    private static string Shown(Estimate e, double scale, string unit, bool interval = true) => interval ? FormattableString.Invariant($"{scale * e.Value:F1}{unit} [{scale * e.Low:F1}, {scale * e.High:F1}]")
        : FormattableString.Invariant($"{scale * e.Value:F1}{unit}");

    private static string Signed(Estimate e) => string.Create(CultureInfo.InvariantCulture, $"{e.Value:+0.0;−0.0;0.0} [{e.Low:0.0}, {e.High:0.0}]");
}
