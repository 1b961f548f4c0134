using System.CommandLine;
using SaeNotebooks.Translation.Judging.OffTask.Evaluation;
using SaeNotebooks.Translation.Parallel;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>evaluate-detectors</c>: measures the detectors of off-task output on outputs that a person labelled.</summary>
internal static class EvaluateDetectorsVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var labelled = new Option<string?>("--labelled") { Description = "table of labelled outputs; data/judging/labelled.tsv by default" };
        var output = new Option<string?>("--out") { Description = "page to write the tables into; README.md beside the table by default" };
        var command = new Command("evaluate-detectors", "Measure precision and recall of the detectors of off-task output on labelled outputs and on clean translations.") { labelled, output };
        command.SetAction((parsed, _) => Task.FromResult(Run(parsed.GetValue(labelled) ?? DataFolder.Combine("judging", "labelled.tsv"), parsed.GetValue(output))));
        return command;
    }

    private static int Run(string labelled, string? output)
    {
        if (!File.Exists(labelled)) throw new CliException($"There is no file '{labelled}'; name a table of labelled outputs.");
        output ??= Path.Combine(Path.GetDirectoryName(Path.GetFullPath(labelled))!, "README.md");
        try
        {
            AtomicFile.Write(output, MeasuredPage.Text(output, "# Labelled outputs", DetectorPage.Measure(labelled)));
            AnsiConsole.MarkupLineInterpolated($"wrote {output}");
            return 0;
        }
        catch (Exception e) when (e is FormatException or ParallelDataException) { throw new CliException(e.Message, e); }
    }
}
