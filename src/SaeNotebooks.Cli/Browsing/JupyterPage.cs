using Microsoft.Playwright;
using SaeNotebooks.Cli.Export;

namespace SaeNotebooks.Cli.Browsing;

/// <summary>A notebook that is open in Jupyter Notebook, in a browser.</summary>
internal sealed class JupyterPage : IAsyncDisposable
{
    // Faults of others: the widgets' style sheets name a picture that is cut off and fonts that lie elsewhere; Notebook without widgets reports every one
    // that it is offered.
    private static readonly string[] OfWidgets = ["data:image/gif;base64,R0lGO...", "/static/@jupyter-widgets/"], OfNoWidgets = ["Could not open comm"];
    private readonly ControlsLook _look;
    private readonly PageLog _log;

    private JupyterPage(IPage page, ControlsLook look) => (Page, _look, _log) = (page, look, new PageLog(page));

    /// <summary>The page, for what is done in it by hand.</summary>
    public IPage Page { get; }

    /// <summary>What the console has held against the page since this was last asked, or the page opened, other than known faults of Jupyter's.</summary>
    public IReadOnlyList<string> TakeErrors()
    {
        string[] known = _look == ControlsLook.Page ? OfNoWidgets : OfWidgets;
        return [.. _log.TakeErrors().Where(error => !known.Any(error.Contains))];
    }

    /// <summary>Opens a notebook and waits for its kernel.</summary>
    /// <param name="browser">that shows it</param>
    /// <param name="server">that has it</param>
    /// <param name="notebook">its file name</param>
    /// <param name="look">what draws controls</param>
    /// <param name="webPackages">the cache that holds ipywidgets 8's manager</param>
    public static async Task<JupyterPage> Open(ChromiumBrowser browser, JupyterServer server, string notebook, ControlsLook look, string webPackages)
    {
        var opened = new JupyterPage(await browser.Open(), look);
        var page = opened.Page;
        // Of an object that is no error of the browser's own, the console tells the type alone.
        await page.AddInitScriptAsync("(error => { console.error = (...said) => error(...said.map(part => part?.message ?? part)); })(console.error)");
        if (look != ControlsLook.Widgets6) await page.RouteAsync("**/api/config/notebook*", route => route.FulfillAsync(new() { ContentType = "application/json", Body = "{}" }));
        await page.GotoAsync(server.Notebook(notebook));
        await opened.Connected();
        if (look == ControlsLook.Widgets8)
        {
            await page.RouteAsync("**/embed-amd.js", route => route.FulfillAsync(new() { Path = NpmPackage.Widgets.Existing(webPackages, "dist/embed-amd.js") }));
            await page.EvaluateAsync(WebAssets.Own("widgets8.js"));
        }
        opened._log.TakeErrors(); // of Jupyter itself, whose extensions and style sheets Debian has not all
        return opened;
    }

    /// <summary>Waits until a kernel is there and idle.</summary>
    public Task Connected() => Page.WaitForFunctionAsync("window.Jupyter?.notebook?.kernel?.is_connected() && Jupyter.notebook.kernel.info_reply.status === 'ok'");

    /// <summary>Executes all cells.</summary>
    /// <exception cref="CliException">one fails</exception>
    public async Task ExecuteAll()
    {
        await Page.EvaluateAsync("Jupyter.notebook.execute_all_cells()");
        await Page.WaitForFunctionAsync("Jupyter.notebook.get_cells().every(c => c.cell_type !== 'code' || c.input_prompt_number > 0)");
        if (await Page.Locator(".output_error").AllTextContentsAsync() is [var error, ..]) throw new CliException($"A cell failed: {error}");
    }

    /// <summary>Closes the page, and ends the kernel, which would be the next one's who opens the notebook.</summary>
    public async ValueTask DisposeAsync()
    {
        await Page.EvaluateAsync("new Promise(done => Jupyter.notebook.session.delete(done, done))");
        await Page.Context.DisposeAsync();
    }
}
