using System.CommandLine;
using SaeNotebooks.Cli.Export;
using SaeNotebooks.Cli.Notebooks;
using SaeNotebooks.Cli.Setup;
using SaeNotebooks.Display;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>slides</c>: writes the slides of notebooks from their saved outputs, each one HTML file that needs nothing else, and as PDF if asked.</summary>
internal static class SlidesVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var notebooks = new Argument<string[]>("notebook") { Description = "notebooks whose outputs are saved; all of notebooks/ if none", Arity = ArgumentArity.ZeroOrMore };
        var folder = new Option<string?>("--out") { Description = "folder to write to; out/ by default" };
        var pdf = new Option<bool>("--pdf") { Description = "also print each to PDF, a page per slide, with headless Chromium" };
        var command = new Command("slides", "Write slides from saved outputs, one self-contained HTML file a notebook, without executing anything.") { notebooks, folder, pdf };
        command.SetAction((parsed, cancellation) => Write(parsed.GetValue(notebooks), parsed.GetValue(folder), parsed.GetValue(pdf), cancellation));
        return command;
    }

    private static async Task<int> Write(string[]? named, string? folder, bool pdf, CancellationToken cancellation)
    {
        var repository = Repository.Find();
        var notebooks = repository.NotebookPaths(named).Select(NotebookFile.Read).ToList();
        foreach (var notebook in notebooks) RequireOutputs(notebook);
        var installer = new Installer(AnsiConsole.Console);
        await installer.Ensure([.. Installer.MissingFor(WebAssets.Packages, repository.WebPackages), .. pdf ? SlidePrinter.Missing() : []], cancellation);
        await installer.Fetch(WebAssets.Packages, repository.WebPackages, cancellation);

        var assets = new WebAssets(repository.WebPackages, PlotlyScript.Read);
        foreach (var notebook in notebooks)
        {
            var deck = Path.Combine(folder ?? repository.Output, notebook.Name + ".slides.html");
            AtomicFile.Write(deck, SlideDeck.ToHtml(notebook, assets));
            AnsiConsole.MarkupLineInterpolated($"{deck}, {new FileInfo(deck).Length / 1e6:F1} MB");
            if (pdf) AnsiConsole.MarkupLineInterpolated($"{await SlidePrinter.Print(deck, cancellation)}");
        }
        return 0;
    }

    private static void RequireOutputs(NotebookFile notebook)
    {
        if (notebook.Cells.Any(c => c.Kind == CellKind.Code && c.ExecutionCount is null && c.Source.Trim().Length > 0))
            throw new CliException($"'{notebook.Path}' has cells that were not executed, so its slides would have holes: execute it first, `run {notebook.Path} --in-place`.");
    }
}
