using System.CommandLine;
using SaeNotebooks.Cli.Export;
using SaeNotebooks.Cli.Notebooks;
using SaeNotebooks.Cli.Setup;
using SaeNotebooks.Display;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>export</c>: writes pages and slides from the outputs that notebooks already hold.</summary>
internal static class ExportVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var notebooks = new Argument<string[]>("notebook") { Description = "notebooks to export; all of notebooks/ if none", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("export", "Write HTML pages and slides to out/ from saved outputs, without executing anything.") { notebooks };
        command.SetAction((parsed, cancellation) => Export(parsed.GetValue(notebooks), cancellation));
        return command;
    }

    private static async Task<int> Export(string[]? named, CancellationToken cancellation)
    {
        var repository = Repository.Find();
        var notebooks = repository.NotebookPaths(named).Select(NotebookFile.Read).ToList();
        var installer = new Installer(AnsiConsole.Console);
        await installer.Ensure(Installer.MissingFor(WebAssets.Packages, repository.WebPackages), cancellation);
        await installer.Fetch(WebAssets.Packages, repository.WebPackages, cancellation);

        var exporter = new Exporter(repository, new WebAssets(repository.WebPackages, PlotlyScript.Read));
        foreach (var notebook in notebooks)
        {
            exporter.Export(notebook);
            exporter.Copy(notebook);
            AnsiConsole.MarkupLineInterpolated($"exported {notebook.Name}");
        }
        AnsiConsole.MarkupLineInterpolated($"open {exporter.WriteIndex()}");
        return 0;
    }
}
