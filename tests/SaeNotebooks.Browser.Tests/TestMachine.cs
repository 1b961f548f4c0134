using SaeNotebooks.Cli;
using SaeNotebooks.Cli.Browsing;
using SaeNotebooks.Cli.Setup;
using SaeNotebooks.Harvest;
using SaeNotebooks.Hooks;
using Spectre.Console;

[assembly: AssemblyFixture(typeof(SaeNotebooks.Browser.Tests.TestMachine))]

namespace SaeNotebooks.Browser.Tests;

/// <summary>What all tests share: this checkout, and a machine on which everything is installed.</summary>
public sealed class TestMachine : IAsyncLifetime
{
    internal Repository Repository { get; } = Repository.Find();

    /// <summary>A Python that has nbclient.</summary>
    internal string Python { get; private set; } = "";

    /// <summary>Variables under which Jupyter finds this checkout's kernel.</summary>
    internal IReadOnlyDictionary<string, string> Environment { get; private set; } = new Dictionary<string, string>();

    /// <summary>Where tests write: notebooks, pages, slides, and pictures of how they were seen.</summary>
    internal string Folder => BrowserFolder.Of(Repository);

    public async ValueTask InitializeAsync()
    {
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(new DiagnosticWriter()) });
        Python = await JupyterSetup.ForBrowser(Repository, console, CancellationToken.None);
        Environment = await KernelRegistration.RegisterHere(Repository, CancellationToken.None);
        Directory.CreateDirectory(Folder);
        foreach (var old in Directory.GetFiles(Folder, "*.png")) File.Delete(old);
        using (var bench = Workbench.Open("tiny")) bench.Index(Hook.ResidPost(4), documents: 64); // which two kernels at once would make otherwise
        SetDefaultExpectTimeout((float)ChromiumBrowser.Patience.TotalMilliseconds);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
