using SaeNotebooks.Cli.Browsing;
using SaeNotebooks.Cli.Export;
using SaeNotebooks.Cli.Notebooks;
using SaeNotebooks.Cli.Running;
using SaeNotebooks.Display;

namespace SaeNotebooks.Browser.Tests.Exported;

/// <summary>The controls' notebook, executed by nbclient and exported as <c>run</c> does it, for all tests of it.</summary>
public sealed class ControlsExport(TestMachine machine) : IAsyncLifetime
{
    private const string Name = "kept-controls";

    internal string Page { get; } = Path.Combine(machine.Folder, Name + ".html");

    internal string Deck { get; } = Path.Combine(machine.Folder, Name + ".slides.html");

    public async ValueTask InitializeAsync()
    {
        var (source, executed) = (Path.Combine(machine.Folder, Name + ".ipynb"), Path.Combine(machine.Folder, Name + ".executed.ipynb"));
        AtomicFile.Write(source, WebAssets.Own("controls.ipynb"));
        var failures = new List<ExecutionEvent>();
        var execution = new NotebookExecution(machine.Python, machine.Environment, ChromiumBrowser.Patience);
        Assert.True(await execution.Execute(NotebookFile.Read(source), executed, failures.Add, CancellationToken.None), string.Join(' ', failures.OfType<ExecutionEvent.CellFailed>()));
        var notebook = NotebookFile.Parse(source, NotebookNormaliser.Normalise(NotebookFile.Read(executed), withoutPlotlyScript: false));
        var assets = new WebAssets(machine.Repository.WebPackages, PlotlyScript.Read);
        AtomicFile.Write(Page, NotebookPage.ToHtml(notebook, assets));
        AtomicFile.Write(Deck, SlideDeck.ToHtml(notebook, assets));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
