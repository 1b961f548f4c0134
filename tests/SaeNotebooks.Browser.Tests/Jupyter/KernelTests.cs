using SaeNotebooks.Cli.Browsing;

namespace SaeNotebooks.Browser.Tests.Jupyter;

/// <summary>The kernel under the hands of a person: Jupyter Notebook's own buttons, each test in a notebook and with a kernel of its own.</summary>
[Collection<InJupyter>]
public sealed class KernelTests(JupyterFixture jupyter) : BrowserTest(jupyter)
{
    private const int Keep = 0, LoopForever = 1, Ask = 2, Exit = 3, Work = 4; // the cells of session.ipynb
    private JupyterPage notebook = null!;

    public override async ValueTask InitializeAsync()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Jupyter", "session.ipynb"), Path.Combine(jupyter.Machine.Folder, "session.ipynb"), overwrite: true);
        notebook = await jupyter.Open("session.ipynb", ControlsLook.Page);
        Use(notebook, thisTestsOwn: true);
    }

    [Fact]
    public async Task ALoopWithoutEndIsInterruptedAndTheVariablesStay()
    {
        await Run(Keep);
        await Done(Keep);
        await Run(LoopForever);
        await Expect(Cell(LoopForever).Locator(".output_text")).ToContainTextAsync("round and round");
        await Button("interrupt-kernel").ClickAsync();
        await Expect(Cell(LoopForever).Locator(".output_error")).ToContainTextAsync("interrupted");
        await Run(Ask);
        await Expect(Cell(Ask).Locator(".output_result")).ToHaveTextAsync("42");
    }

    [Fact]
    public async Task ARestartForgetsTheVariablesAndTheNotebookGoesOn()
    {
        await Run(Keep);
        await Done(Keep);
        await Page.EvaluateAsync("void (window.restarted = new Promise(done => Jupyter.notebook.events.one('kernel_ready.Kernel', () => done(true))))"); // what the page says of it stands for half a second
        await Button("confirm-restart-kernel").ClickAsync();
        await Page.Locator(".modal.in .btn-danger").ClickAsync();
        await Page.EvaluateAsync("window.restarted");
        await notebook.Connected();
        await Run(Ask);
        await Expect(Cell(Ask).Locator(".output_error")).ToContainTextAsync("CS0103");
        await Run(Keep);
        await Run(Ask);
        await Expect(Cell(Ask).Locator(".output_result")).ToHaveTextAsync("42");
    }

    [Fact]
    public async Task AKernelThatExitsIsSaidToHaveDiedAndTheNotebookGoesOn()
    {
        await Run(Exit);
        await Expect(Cell(Exit).Locator(".output_text, .output_error")).ToContainTextAsync("exit code 3");
        var dialog = Page.Locator(".modal.in");
        await Expect(dialog).ToContainTextAsync("died");
        await dialog.Locator(".btn-primary").ClickAsync();
        await notebook.Connected();
        await Run(Keep);
        await Run(Ask);
        await Expect(Cell(Ask).Locator(".output_result")).ToHaveTextAsync("42");
    }

    [Fact]
    public async Task LongWorkShowsHowFarItIs()
    {
        await Page.EvaluateAsync("""
            () => {
              window.saeSeen = new Set();
              new MutationObserver(() => document.querySelectorAll('.sae-progress').forEach(p => window.saeSeen.add(p.textContent)))
                .observe(document.body, { subtree: true, childList: true, characterData: true });
            }
            """);
        await Run(Work);
        await Done(Work);
        await Expect(Cell(Work).Locator(".sae-progress")).ToContainTextAsync("30 sheep in");
        Assert.InRange(await Page.EvaluateAsync<int>("window.saeSeen.size"), 3, 30);
        Assert.Equal(1, await Cell(Work).Locator(".sae-progress").CountAsync());
    }

    private ILocator Cell(int code) => Page.Locator(".code_cell").Nth(code);

    private ILocator Button(string action) => Page.Locator($"button[data-jupyter-action='jupyter-notebook:{action}']");

    /// <summary>Chooses a cell and runs it by the toolbar.</summary>
    private async Task Run(int cell)
    {
        await Cell(cell).Locator(".input_prompt").ClickAsync();
        await Button("run-cell-and-select-next").ClickAsync();
    }

    private Task Done(int cell) => Expect(Cell(cell).Locator(".input_prompt")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"\[\d+\]"));
}
