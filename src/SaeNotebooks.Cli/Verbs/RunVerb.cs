using System.CommandLine;
using SaeNotebooks.Cli.Export;
using SaeNotebooks.Cli.Notebooks;
using SaeNotebooks.Cli.Running;
using SaeNotebooks.Cli.Setup;
using SaeNotebooks.Display;
using SaeNotebooks.Harvest;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>run</c>: executes notebooks and writes executed notebooks, pages and slides to <c>out/</c>.</summary>
internal static class RunVerb
{
    private sealed record Options(IReadOnlyList<NotebookFile> Notebooks, bool InPlace, TimeSpan CellTimeout);

    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var notebooks = new Argument<string[]>("notebook") { Description = "notebooks to run; all of notebooks/ if none", Arity = ArgumentArity.ZeroOrMore };
        var inPlace = new Option<bool>("--in-place") { Description = "also write the outputs back into the notebooks, fit to be committed" };
        var timeout = new Option<int>("--cell-timeout") { Description = "seconds that one cell may take", DefaultValueFactory = _ => 600 };
        var parameters = new Option<string[]>("--parameter")
            { Description = "name=value for a variable of the cell tagged 'parameters'; may be repeated", DefaultValueFactory = _ => [] };
        var command = new Command("run", "Execute notebooks and write them, as HTML pages and as slides, to out/.") { notebooks, inPlace, timeout, parameters };
        command.SetAction((parsed, cancellation) => Run(new Options(
            Read(parsed.GetValue(notebooks), parsed.GetValue(parameters)!, parsed.GetValue(inPlace)), parsed.GetValue(inPlace),
            TimeSpan.FromSeconds(parsed.GetValue(timeout))), cancellation));
        return command;
    }

    private static IReadOnlyList<NotebookFile> Read(string[]? paths, string[] parameters, bool inPlace)
    {
        if (inPlace && parameters.Length > 0) throw new CliException("--in-place keeps a notebook's own parameters: leave out --parameter, or --in-place.");
        return [.. Repository.Find().NotebookPaths(paths).Select(path => NotebookParameters.Apply(NotebookFile.Read(path), parameters))];
    }

    private static async Task<int> Run(Options options, CancellationToken cancellation)
    {
        var console = AnsiConsole.Console;
        var repository = Repository.Find();
        var python = await JupyterSetup.ForNotebooks(repository, console, cancellation);
        WorkbenchIndex.EnsureEmbedded(cancellation);
        var environment = await KernelRegistration.Register(repository, cancellation);
        var execution = new NotebookExecution(python, environment, options.CellTimeout);
        var exporter = new Exporter(repository, new WebAssets(repository.WebPackages, PlotlyScript.Read));

        var succeeded = await Turn.Each(options.Notebooks, async (notebook, turn, stop) =>
        {
            var result = await exporter.ExecuteAndExport(notebook, execution, new ExecutionProgress(console, notebook).Report, stop, turn);
            if (result is not null && options.InPlace) exporter.WriteBack(result, notebook.Path);
            return result is not null;
        }, cancellation);
        return Summarise(console, exporter.WriteIndex(), succeeded, options.Notebooks.Count);
    }

    private static int Summarise(IAnsiConsole console, string index, int succeeded, int all)
    {
        if (succeeded < all) console.MarkupLineInterpolated($"[red]{all - succeeded} of {all} notebooks failed[/]");
        else console.MarkupLineInterpolated($"[green]{all} {(all == 1 ? "notebook" : "notebooks")} executed[/]");
        console.MarkupLineInterpolated($"open {index}");
        return succeeded == all ? 0 : 1;
    }
}
