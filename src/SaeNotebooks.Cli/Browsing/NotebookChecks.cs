using System.Text.Json.Nodes;
using SaeNotebooks.Cli.Export;

namespace SaeNotebooks.Cli.Browsing;

/// <summary>Runs the check's notebook in Jupyter Notebook as a person does, and moves its controls.</summary>
/// <param name="page">the notebook, open in the browser</param>
/// <param name="look">what draws the controls</param>
internal sealed class NotebookChecks(BrowserPage page, ControlsLook look)
{
    private const string Title = "document.querySelector('.js-plotly-plot .gtitle')?.textContent";
    private const int ArrowRight = 39, Steps = 24, TooMany = 13;

    // Faults of others: the widgets' style sheets name a picture that is cut off and, put into a page, fonts that lie elsewhere; Notebook without
    // widgets reports every one that it is offered.
    private static readonly string[] OfWidgets = ["data:image/gif;base64,R0lGO...", "/static/@jupyter-widgets/"], OfNoWidgets = ["Could not open comm"];
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
    public async Task<ControlTimings> Step()
    {
        await page.Focus(look.Handle);
        List<double> seen = [], live = [], roundTrips = [];
        for (var waves = 4; waves < 4 + Steps; waves++)
        {
            if (waves == TooMany) await StepIntoError();
            else
            {
                var times = await Time(Move(waves), () => page.Press("ArrowRight", ArrowRight));
                seen.Add((double)times[0]!);
                live.Add((double)times[1]!);
            }
            roundTrips.Add((double)(await Time(RoundTrip, () => Task.CompletedTask))[0]!);
        }
        return new(seen, live, roundTrips);
    }

    // The error is said in a line, and the chart stays.
    private async Task StepIntoError()
    {
        await page.Press("ArrowRight", ArrowRight);
        await page.Until("document.body.textContent.includes('InvalidOperationException: thirteen waves are too many')", "the error in one line");
    }

    // A changed picture is painted with the frame after its change, and a task that this frame starts comes after its painting.
    private static string Move(int waves) => $$"""
        new Promise(done => {
          let pressed = 0, found = false, seen = 0;
          const finish = () => { if (seen && {{Title}} === '{{waves}} waves') { watch.disconnect(); done([seen, performance.now() - pressed]); } };
          const look = () => {
            if (!pressed) return;
            const still = document.querySelector('.sae-figure .sae-still');
            if (!found && still && [...still.querySelectorAll('text')].some(t => t.textContent === '{{waves}} waves')) {
              found = true;
              requestAnimationFrame(() => setTimeout(() => { seen = performance.now() - pressed; finish(); }));
            }
            finish();
          };
          const watch = new MutationObserver(look);
          document.addEventListener('keydown', () => { pressed = performance.now(); }, { capture: true, once: true });
          watch.observe(document.body, { subtree: true, childList: true, characterData: true });
        })
        """;

    private const string RoundTrip = "new Promise(done => { const asked = performance.now(); Jupyter.notebook.kernel.kernel_info(() => done([performance.now() - asked])); })";

    /// <summary>Starts a promise of milliseconds, does what it waits for, and waits for it.</summary>
    private async Task<JsonArray> Time(string promise, Func<Task> cause)
    {
        await page.Evaluate($"window.saeTimes = null; {promise}.then(ms => {{ window.saeTimes = ms; }}); 0");
        await cause();
        await page.Until("window.saeTimes !== null", "an answer to a moved slider");
        return (await page.Evaluate("window.saeTimes"))!.AsArray();
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
        await page.Focus(box);
        await page.Type("el");
        await page.Until($"document.querySelector('{list}').options.length === 1", "the search to find one word");
        await page.Evaluate($"(s => {{ s.selectedIndex = 0; s.dispatchEvent(new Event('change', {{bubbles: true}})); }})(document.querySelector('{list}'))");
        await page.Until("[...document.querySelectorAll('[data-sae-result]')].some(r => r.textContent.trim() === 'elder')", "the word that was chosen");
    }

    /// <summary>Changes the strength of steering; the text of the newest strength grows token by token.</summary>
    /// <returns>how many lengths of it were seen</returns>
    public async Task<int> Steer()
    {
        const int Grown = 4;
        await page.Evaluate("""
            window.saeLengths = [];
            new MutationObserver(() => {
              const sides = [...document.querySelectorAll('.sae-sides')].pop();
              if (!sides || !sides.textContent.includes('by 8')) return;
              const length = sides.children[1].lastChild.textContent.length;
              if (length > (window.saeLengths[window.saeLengths.length - 1] || 0)) window.saeLengths.push(length);
            }).observe(document.body, { subtree: true, childList: true, characterData: true }); 0
            """);
        await page.Evaluate($"[...document.querySelectorAll('{look.Handle}')].pop().focus()");
        for (var press = 0; press < 4; press++) await page.Press("ArrowRight", ArrowRight);
        await page.Until($"window.saeLengths.length >= {Grown}", "a text that grows");
        return (int)(await page.Evaluate("window.saeLengths.length"))!;
    }

    /// <summary>Fails if the console holds an error.</summary>
    public void NoErrors()
    {
        var errors = page.Errors.Except(_before).Where(e => !(look == ControlsLook.Page ? OfNoWidgets : OfWidgets).Any(e.Contains));
        if (errors.FirstOrDefault() is { } error) throw new CliException($"The console says: {error}");
    }
}
