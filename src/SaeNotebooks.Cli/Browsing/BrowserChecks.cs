using SaeNotebooks.Cli.Export;
using SaeNotebooks.Cli.Notebooks;
using SaeNotebooks.Cli.Running;
using SaeNotebooks.Cli.Setup;
using SaeNotebooks.Display;

namespace SaeNotebooks.Cli.Browsing;

/// <summary>What is checked in a browser: the check's notebook in Jupyter Notebook, and slides with the network off.</summary>
/// <param name="repository">this repository</param>
/// <param name="folder">where screenshots go</param>
/// <param name="notebook">the check's notebook, in a folder from which it finds the library</param>
/// <param name="python">a Python with nbclient</param>
/// <param name="environment">variables under which Jupyter finds the kernel</param>
/// <param name="browser">the browser</param>
/// <param name="cancellation">gives up</param>
internal sealed class BrowserChecks(
    Repository repository, string folder, string notebook, string python, IReadOnlyDictionary<string, string> environment, Browser browser, CancellationToken cancellation)
{
    /// <summary>Runs the notebook as a person does, and works what it shows.</summary>
    /// <exception cref="CliException">something is not as it should be; a picture shows it</exception>
    public async Task<Finding> InNotebook(ControlsLook look)
    {
        var program = Executables.Find("jupyter-notebook") ?? throw new CliException("jupyter-notebook is not on the PATH.");
        await using var server = await JupyterServer.Start(program, Path.GetDirectoryName(notebook)!, environment, look.HasExtension, cancellation);
        await using var page = await browser.Open(server.Notebook(Path.GetFileName(notebook)), isOffline: false, cancellation);
        return await PicturedIfItFails(page, $"notebook-{look.File}", picture => Work(page, look, picture));
    }

    private static async Task<Finding> Work(BrowserPage page, ControlsLook look, Func<string, Task> picture)
    {
        var (checks, displays) = (new NotebookChecks(page, look), new DisplayChecks(page));
        await checks.Execute();
        await picture("executed");
        var timings = await checks.Step();
        var title = await checks.Drag();
        await picture("chart");
        await checks.Search();
        await displays.Sort();
        await displays.ChooseHead();
        await picture("displays");
        var texts = await checks.Steer();
        await picture("steered");
        checks.NoErrors();
        return new($"{timings}; dragged to '{title}'; a steered text seen at {texts} lengths; a table sorted; a head chosen", timings);
    }

    /// <summary>Executes the notebook, makes slides of it and works them.</summary>
    /// <exception cref="CliException">a cell fails, or something is not as it should be</exception>
    public async Task<Finding> OnSlides()
    {
        var deck = Path.Combine(folder, "controls.slides.html");
        await WriteSlides(deck);
        return await InDeck(deck, async (page, checks, picture) =>
        {
            var displays = new DisplayChecks(page);
            var (before, after) = await checks.Step();
            await picture("chart");
            await checks.GoTo(".sae-table");
            await displays.Sort();
            await checks.GoTo(".sae-attention");
            await displays.ChooseHead();
            await picture("displays");
            return $"; on a slide, '{before}' became '{after}'; a table sorted; a head chosen";
        });
    }

    /// <summary>Pages through a deck.</summary>
    /// <exception cref="CliException">something is not as it should be</exception>
    public Task<Finding> InDeck(string deck) => InDeck(deck, (_, _, _) => Task.FromResult(""));

    private async Task<Finding> InDeck(string deck, Func<BrowserPage, SlideChecks, Func<string, Task>, Task<string>> more)
    {
        await using var page = await browser.Open(new Uri(Path.GetFullPath(deck)), isOffline: true, cancellation);
        var checks = new SlideChecks(page);
        return await PicturedIfItFails(page, Path.GetFileNameWithoutExtension(deck), async picture =>
        {
            var slides = await checks.PageThrough();
            await picture("last");
            var said = await more(page, checks, picture);
            checks.NothingAmiss();
            return new($"{slides} slides{said}", null);
        });
    }

    private async Task WriteSlides(string deck)
    {
        var raw = notebook + ".executed";
        var execution = new NotebookExecution(python, environment, TimeSpan.FromMinutes(5));
        var failure = "";
        if (!await execution.Execute(NotebookFile.Read(notebook), raw, step => failure = step is ExecutionEvent.CellFailed ? step.ToString()! : failure, cancellation))
            throw new CliException($"The notebook failed: {failure}");
        var executed = NotebookFile.Parse(notebook, NotebookNormaliser.Normalise(NotebookFile.Read(raw), withoutPlotlyScript: false));
        File.Delete(raw);
        AtomicFile.Write(deck, SlideDeck.ToHtml(executed, new WebAssets(repository.WebPackages, PlotlyScript.Read)));
    }

    private async Task<Finding> PicturedIfItFails(BrowserPage page, string name, Func<Func<string, Task>, Task<Finding>> check)
    {
        Task Picture(string what) => page.Screenshot(Path.Combine(folder, $"{name}-{what}.png"));
        try { return await check(Picture); }
        catch (CliException)
        {
            await Picture("failed");
            throw;
        }
    }

    /// <summary>What a check saw.</summary>
    /// <param name="Said">in words</param>
    /// <param name="Timings">of a slider, where one was timed</param>
    public sealed record Finding(string Said, ControlTimings? Timings);
}
