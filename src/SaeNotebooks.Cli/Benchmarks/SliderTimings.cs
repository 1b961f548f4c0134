using Microsoft.Playwright;
using SaeNotebooks.Cli.Browsing;
using SaeNotebooks.Cli.Setup;
using Spectre.Console;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>How long a person waits for the chart below a slider, measured by a script in the page, in Jupyter Notebook.</summary>
internal static class SliderTimings
{
    private const string Title = "document.querySelector('.js-plotly-plot .gtitle')?.textContent", Notebook = "controls.ipynb";
    private const int First = 4, Last = 12; // from the slider's start to where the notebook's function throws

    /// <summary>What all names begin with.</summary>
    public const string Subject = "slider";

    /// <summary>Milliseconds from a key on the slider until the changed picture is painted, and until it can be worked with, for everything that draws controls; and of a
    /// bare question to the kernel after each key, which is what server, socket and the machine's load cost by themselves.</summary>
    /// <param name="repository">this repository</param>
    /// <param name="runs">how often the notebook is executed for each</param>
    /// <param name="cancellation">gives up</param>
    /// <exception cref="CliException">Jupyter, the browser or the notebook fails</exception>
    public static async Task<IReadOnlyList<Measurement>> Measure(Repository repository, int runs, CancellationToken cancellation)
    {
        await JupyterSetup.ForBrowser(repository, AnsiConsole.Console, cancellation);
        using var gemm = new Gemm();
        var folder = BrowserFolder.With(repository, Notebook);
        await using var server = await JupyterServer.Start(folder, await KernelRegistration.RegisterHere(repository, cancellation), cancellation);
        await using var browser = await ChromiumBrowser.Launch();
        List<Measurement> measurements = [];
        foreach (var look in ControlsLook.All)
        {
            var waits = new List<double[]>();
            var products = new List<double>();
            for (var run = 0; run < runs; run++)
            {
                cancellation.ThrowIfCancellationRequested();
                products.Add(gemm.Gflops());
                await using var notebook = await JupyterPage.Open(browser, server, Notebook, look, repository.WebPackages);
                waits.AddRange(await Waits(notebook, look));
            }
            measurements.AddRange(Of(look, waits, Measurement.MedianOf(products)));
        }
        return measurements;
    }

    private static IEnumerable<Measurement> Of(ControlsLook look, List<double[]> waits, double gflops)
    {
        string[] names = ["key to changed chart", "key to a chart that can be worked with", "bare question to the kernel"];
        return names.Select((name, i) =>
        {
            var milliseconds = waits.ConvertAll(wait => wait[i]);
            return new Measurement($"{Subject}, {look.Name}: {name}", "ms", Measurement.MedianOf(milliseconds), milliseconds, gflops);
        });
    }

    private static async Task<List<double[]>> Waits(JupyterPage notebook, ControlsLook look)
    {
        await notebook.ExecuteAll();
        await notebook.Page.WaitForFunctionAsync($"{Title} === '{First - 1} waves'");
        await notebook.Page.Locator(look.Handle).First.FocusAsync();
        List<double[]> waits = [];
        for (var waves = First; waves <= Last; waves++)
        {
            var seenAndLive = await Time(notebook.Page, Move(waves), page => page.Keyboard.PressAsync("ArrowRight"));
            waits.Add([.. seenAndLive, .. await Time(notebook.Page, RoundTrip, _ => Task.CompletedTask)]);
        }
        return waits;
    }

    /// <summary>Starts a promise of milliseconds, does what it waits for, and waits for it.</summary>
    private static async Task<double[]> Time(IPage page, string promise, Func<IPage, Task> cause)
    {
        await page.EvaluateAsync($"window.saeTimes = null; {promise}.then(ms => {{ window.saeTimes = ms; }}); 0");
        await cause(page);
        await page.WaitForFunctionAsync("window.saeTimes");
        return await page.EvaluateAsync<double[]>("window.saeTimes");
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
}
