using SaeNotebooks.Cli;
using SaeNotebooks.Cli.Export;
using SaeNotebooks.Cli.Notebooks;
using SaeNotebooks.Display;

namespace SaeNotebooks.Browser.Tests.Exported;

/// <summary>The notebooks of this repository, exported from the outputs that are saved in them.</summary>
internal static class CommittedNotebooks
{
    public static IEnumerable<string> Names => Repository.Find().NotebookPaths(null).Select(path => Path.GetFileNameWithoutExtension(path));

    /// <summary>Writes a notebook's page.</summary>
    public static string Page(TestMachine machine, string name) => Write(machine, name, ".html", NotebookPage.ToHtml);

    /// <summary>Writes a notebook's slides.</summary>
    public static string Deck(TestMachine machine, string name) => Write(machine, name, ".slides.html", SlideDeck.ToHtml);

    private static string Write(TestMachine machine, string name, string extension, Func<NotebookFile, WebAssets, string> toHtml)
    {
        var notebook = NotebookFile.Read(Path.Combine(machine.Repository.Notebooks, name + ".ipynb"));
        var file = Path.Combine(machine.Folder, name + extension);
        AtomicFile.Write(file, toHtml(notebook, new WebAssets(machine.Repository.WebPackages, PlotlyScript.Read)));
        return file;
    }
}
