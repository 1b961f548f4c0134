using System.CommandLine;
using SaeNotebooks.Cli.Notebooks;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>lint</c>: checks that notebooks open and run unchanged in every host.</summary>
internal static class LintVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var notebooks = new Argument<string[]>("notebook") { Description = "notebooks to check; all of notebooks/ if none", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("lint", "Check notebooks against the rules by which every host takes them.") { notebooks };
        command.SetAction(parsed => Lint(parsed.GetValue(notebooks) ?? []));
        return command;
    }

    private static int Lint(string[] named)
    {
        var paths = Repository.Find().NotebookPaths(named);
        var findings = paths.SelectMany(NotebookLinter.Lint).ToList();
        foreach (var finding in findings) AnsiConsole.MarkupLineInterpolated($"[red]{finding.ToString()}[/]");
        AnsiConsole.MarkupLineInterpolated($"{paths.Count} notebooks, {findings.Count} findings");
        return findings.Count == 0 ? 0 : 1;
    }
}
