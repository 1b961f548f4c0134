using System.CommandLine;
using System.Diagnostics;
using SaeNotebooks.Cli.Browsing;
using SaeNotebooks.Cli.Export;
using SaeNotebooks.Cli.Notebooks;
using SaeNotebooks.Cli.Running;
using SaeNotebooks.Cli.Setup;
using SaeNotebooks.Display;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>verify-browser</c>: works controls in Jupyter Notebook and pages through slides in a real browser. Not part of the tests, which need
/// neither Jupyter nor a browser.</summary>
internal static class VerifyBrowserVerb
{
    private sealed record Setting(Repository Repository, string Folder, string Notebook, string Python, IReadOnlyDictionary<string, string> Environment, Browser Browser);

    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var folder = new Option<string?>("--out") { Description = "folder for screenshots; artifacts/browser by default" };
        var command = new Command("verify-browser",
            "Work controls in Jupyter Notebook and page through slides, with headless Chromium: those of a small notebook, and every deck in out/.") { folder };
        command.SetAction((parsed, cancellation) => Verify(parsed.GetValue(folder), cancellation));
        return command;
    }

    private static async Task<int> Verify(string? folder, CancellationToken cancellation)
    {
        var repository = Repository.Find();
        var python = await Prepare(repository, cancellation);
        // As deep as the library's own folder, to which the notebook refers.
        var place = Path.Combine(repository.Root, "artifacts", "browser");
        Directory.CreateDirectory(place);
        var notebook = Path.Combine(place, "controls.ipynb");
        await File.WriteAllTextAsync(notebook, WebAssets.Own("controls.ipynb"), cancellation);
        var environment = await KernelRegistration.Register(repository, cancellation);
        await using var browser = await Browser.Start(cancellation);
        var setting = new Setting(repository, folder ?? place, notebook, python, environment, browser);
        var failed = 0;
        File.Copy(NpmPackage.Widgets.Existing(repository.WebPackages, "dist/embed-amd.js"), Path.Combine(place, "embed-amd.js"), overwrite: true);
        foreach (var look in new[] { ControlsLook.Widgets6, ControlsLook.Widgets8, ControlsLook.Page })
            failed += await Check($"Jupyter Notebook, {look.Name}", () => InNotebook(setting, look, cancellation));
        failed += await Check("slides with controls, network off", () => OnSlides(setting, cancellation));
        foreach (var deck in Decks(repository)) failed += await Check($"{Path.GetFileName(deck)}, network off", () => InDeck(setting, deck, cancellation));
        AnsiConsole.MarkupLineInterpolated($"screenshots in {setting.Folder}");
        return failed == 0 ? 0 : 1;
    }

    private static async Task<string> Prepare(Repository repository, CancellationToken cancellation)
    {
        var python = await PythonFinder.WithNbClient(cancellation);
        var installer = new Installer(AnsiConsole.Console);
        var widgets = NpmPackage.Widgets.IsCached(repository.WebPackages);
        await installer.Ensure([.. Installer.MissingForPages(repository.WebPackages), .. !widgets && Executables.Find("npm") is null ? [Requirement.Npm] : Array.Empty<Requirement>(), .. SlidePrinter.Missing(), .. python is null ? [Requirement.NbClient] : Array.Empty<Requirement>(),
            .. Executables.Find("jupyter-notebook") is null ? [Requirement.Notebook, Requirement.Widgets] : Array.Empty<Requirement>()], cancellation);
        await installer.FetchWebPackages(repository.WebPackages, cancellation);
        if (!widgets) await NpmPackage.Widgets.Fetch(repository.WebPackages, cancellation);
        return python ?? await PythonFinder.WithNbClient(cancellation) ?? throw new CliException("nbclient was installed, but no Python here can import it.");
    }

    private static async Task<int> Check(string name, Func<Task<string>> check)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var said = await check();
            AnsiConsole.MarkupLineInterpolated($"[green]ok[/]      {name}: {said} [grey]({clock.Elapsed.TotalSeconds:0} s)[/]");
            return 0;
        }
        catch (CliException e)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]failed[/]  {name}: {e.Message}");
            return 1;
        }
    }

    private static async Task<string> InNotebook(Setting setting, ControlsLook look, CancellationToken cancellation)
    {
        var program = Executables.Find("jupyter-notebook") ?? throw new CliException("jupyter-notebook is not on the PATH.");
        await using var server = await JupyterServer.Start(program, Path.GetDirectoryName(setting.Notebook)!, setting.Environment, look.HasExtension, cancellation);
        var page = await setting.Browser.Open(server.Notebook(Path.GetFileName(setting.Notebook)), isOffline: false, cancellation);
        var checks = new NotebookChecks(page, look);
        Task Picture(string what) => page.Screenshot(Path.Combine(setting.Folder, $"notebook-{look.File}-{what}.png"));
        try
        {
            await checks.Execute();
            await Picture("executed");
            var times = await checks.Step();
            var title = await checks.Drag();
            await Picture("chart");
            await checks.Search();
            var texts = await checks.Steer();
            await Picture("steered");
            checks.NoErrors();
            return $"key to changed chart in a median of {times.Order().ElementAt(times.Count / 2):0} ms (most {times.Max():0}); dragged to '{title}'; a steered text in {texts} steps";
        }
        catch (CliException)
        {
            await Picture("failed");
            throw;
        }
    }

    private static async Task<string> OnSlides(Setting setting, CancellationToken cancellation)
    {
        var raw = setting.Notebook + ".executed";
        var execution = new NotebookExecution(setting.Python, setting.Environment, TimeSpan.FromMinutes(5));
        var failure = "";
        if (!await execution.Execute(NotebookFile.Read(setting.Notebook), raw, step => failure = step is ExecutionEvent.CellFailed ? step.ToString()! : failure, cancellation))
            throw new CliException($"The notebook failed: {failure}");
        var executed = NotebookFile.Parse(setting.Notebook, NotebookNormaliser.Normalise(NotebookFile.Read(raw), withoutPlotlyScript: false));
        File.Delete(raw);
        var deck = Path.Combine(setting.Folder, "controls.slides.html");
        AtomicFile.Write(deck, SlideDeck.ToHtml(executed, new WebAssets(setting.Repository.WebPackages, PlotlyScript.Read)));
        return await InDeck(setting, deck, cancellation, async (page, checks) =>
        {
            var (before, after) = await checks.Step();
            await page.Screenshot(Path.Combine(setting.Folder, "slides-chart.png"));
            return $"; on a slide, '{before}' became '{after}'";
        });
    }

    private static async Task<string> InDeck(Setting setting, string deck, CancellationToken cancellation, Func<BrowserPage, SlideChecks, Task<string>>? more = null)
    {
        var page = await setting.Browser.Open(new Uri(Path.GetFullPath(deck)), isOffline: true, cancellation);
        var checks = new SlideChecks(page);
        var slides = await checks.PageThrough();
        await page.Screenshot(Path.Combine(setting.Folder, $"{Path.GetFileNameWithoutExtension(deck)}-last.png"));
        return $"{slides} slides{(more is null ? "" : await more(page, checks))}";
    }

    private static IEnumerable<string> Decks(Repository repository) =>
        Directory.Exists(repository.Output) ? Directory.GetFiles(repository.Output, "*.slides.html").Order(StringComparer.Ordinal) : [];
}
