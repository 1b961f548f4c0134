using SaeNotebooks.Cli.Export;

namespace SaeNotebooks.Cli.Browsing;

/// <summary>Runs the check's notebook in Jupyter Notebook as a person does, and moves its controls.</summary>
/// <param name="page">the notebook, open in the browser</param>
/// <param name="look">what draws the controls</param>
internal sealed class NotebookChecks(BrowserPage page, ControlsLook look)
{
    private const string Title = "document.querySelector('.js-plotly-plot .gtitle')?.textContent";
    private const int ArrowRight = 39, Steps = 10;

    // Faults of others: the widgets' style sheets name a picture that is cut off and, put into a page, fonts that lie elsewhere; Notebook without
    // widgets reports every one that it is offered.
    private static readonly string[] OfWidgets = ["data:image/gif;base64,R0lGO...", "/static/@jupyter-widgets/html-manager/dist/"], OfNoWidgets = ["jupyter.widget", "Could not open comm"];
    private IReadOnlyList<string> _before = [];

    /// <summary>Executes all cells; every one must succeed.</summary>
    public async Task Execute()
    {
        await page.Until("window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected()", "the notebook to connect to its kernel");
        if (look == ControlsLook.Widgets8) await page.Evaluate(WebAssets.Own("widgets8.js"));
        _before = page.Errors; // of Jupyter itself, whose extensions and style sheets Debian has not all
        await page.Evaluate("Jupyter.notebook.execute_all_cells()");
        await page.Until("Jupyter.notebook.get_cells().filter(c => c.cell_type === 'code').every(c => c.input_prompt_number > 0)", "all cells to be executed", 600);
        if (await page.Evaluate("[...document.querySelectorAll('.output_error')].map(e => e.textContent).join()") is { } error && (string?)error is { Length: > 0 } text)
            throw new CliException($"A cell failed: {text}");
        await page.Until($"document.querySelector('{look.Handle}')", "a slider");
        await page.Until($"{Title} === '3 waves'", "the chart");
    }

    /// <summary>Steps a slider by its keys.</summary>
    /// <returns>milliseconds from each key to the changed chart, as a script in the page measures them</returns>
    public async Task<IReadOnlyList<double>> Step()
    {
        await page.Evaluate($"document.querySelector('{look.Handle}').scrollIntoView({{block: 'center'}}); document.querySelector('{look.Handle}').focus()");
        var times = new List<double>();
        for (var step = 1; step <= Steps; step++)
        {
            await page.Evaluate($$"""
                window.saeStep = new Promise(done => {
                  let pressed = 0; const before = {{Title}};
                  document.addEventListener('keydown', () => { pressed = performance.now(); }, { capture: true, once: true });
                  const look = () => pressed && {{Title}} && {{Title}} !== before ? done(performance.now() - pressed) : requestAnimationFrame(look);
                  look();
                }); 0
                """);
            await page.Press("ArrowRight", ArrowRight);
            // The thirteenth wave is an error, which is said in a line, and the chart stays.
            if (3 + step == 13) await page.Until("document.body.textContent.includes('InvalidOperationException: thirteen waves are too many')", "the error in one line");
            else times.Add((double)(await page.Evaluate("Promise.race([window.saeStep, new Promise((_, fail) => setTimeout(() => fail(new Error('the chart did not change within 60 s')), 60000))])"))!);
        }
        return times;
    }

    /// <summary>Drags a slider; the chart must be that of where it was let go.</summary>
    public async Task<string> Drag()
    {
        await page.Drag(look.Handle, 30);
        await page.Until($"{Title} === {look.Number} + ' waves'", "the chart of where the slider was let go");
        return (string)(await page.Evaluate(Title))!;
    }

    /// <summary>Types into a search and takes what it found.</summary>
    public async Task Search()
    {
        var (box, list) = (look.Words, look.Found);
        await page.Evaluate($"document.querySelector('{box}').scrollIntoView({{block: 'center'}}); document.querySelector('{box}').focus()");
        await page.Type("el");
        await page.Until($"document.querySelector('{list}').options.length === 1", "the search to find one word");
        await page.Evaluate($"(s => {{ s.selectedIndex = 0; s.dispatchEvent(new Event('change', {{bubbles: true}})); }})(document.querySelector('{list}'))");
        await page.Until("[...document.querySelectorAll('[data-sae-result]')].some(r => r.textContent.trim() === 'elder')", "the word that was chosen");
    }

    /// <summary>Changes the strength of steering; the text grows token by token.</summary>
    /// <returns>how many different texts were seen on the way</returns>
    public async Task<int> Steer()
    {
        const string Text = "[...document.querySelectorAll('.sae-sides')].pop().children[1].lastChild.textContent";
        await page.Evaluate($$"""
            window.saeTexts = new Set();
            (function look() { const text = {{Text}}; window.saeTexts.add(text); requestAnimationFrame(look); })(); 0
            """);
        await page.Evaluate($"[...document.querySelectorAll('{look.Handle}')].pop().focus()");
        for (var press = 0; press < 4; press++) await page.Press("ArrowRight", ArrowRight);
        await page.Until("[...document.querySelectorAll('.sae-sides')].pop().textContent.includes('by 8')", "the text of the newest strength");
        await page.Until($"(t => {{ const same = window.saeLast === t; window.saeLast = t; window.saeQuiet = same ? (window.saeQuiet || 0) + 1 : 0; return window.saeQuiet > 20; }})({Text})", "the text to end");
        return (int)(await page.Evaluate("window.saeTexts.size"))!;
    }

    /// <summary>Fails if the console holds an error.</summary>
    public void NoErrors()
    {
        var errors = page.Errors.Except(_before).Where(e => !(look == ControlsLook.Page ? OfNoWidgets : OfWidgets).Any(e.Contains));
        if (errors.FirstOrDefault() is { } error) throw new CliException($"The console says: {error}");
    }
}
