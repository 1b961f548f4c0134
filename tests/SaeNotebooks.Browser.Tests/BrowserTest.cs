using SaeNotebooks.Cli.Browsing;

namespace SaeNotebooks.Browser.Tests;

/// <summary>A test of a page. A picture of how it left the page is kept in <c>artifacts/browser</c>, and errors in the console fail it.</summary>
public abstract class BrowserTest(BrowserFixture fixture) : IAsyncLifetime
{
    private IPage? page;
    private Func<IEnumerable<string>> complaints = () => [];
    private IAsyncDisposable? own;

    private protected TestMachine Machine => fixture.Machine;

    /// <summary>The page, once it is open.</summary>
    private protected IPage Page => page!;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (page is null) return;
        try
        {
            await Picture("");
            Assert.Empty(complaints());
        }
        finally
        {
            if (own is not null) await own.DisposeAsync();
        }
    }

    /// <summary>Tests a notebook in Jupyter.</summary>
    /// <param name="notebook">open</param>
    /// <param name="thisTestsOwn">whether it is closed after the test</param>
    private protected void Use(JupyterPage notebook, bool thisTestsOwn) => (page, complaints, own) = (notebook.Page, notebook.TakeErrors, thisTestsOwn ? notebook : null);

    /// <summary>Opens a file with the network off; it must ask for nothing but itself.</summary>
    private protected async Task<IPage> OpenFile(string file)
    {
        var address = new Uri(Path.GetFullPath(file)).AbsoluteUri;
        page = await fixture.Browser.Open(isOffline: true);
        var log = new PageLog(page);
        own = page.Context;
        complaints = () => [.. log.TakeErrors(), .. log.Requests.Where(url => url.Split('#')[0] != address).Select(url => $"The page asked for {url}.")];
        await page.GotoAsync(address);
        return page;
    }

    /// <summary>Keeps a picture of what is seen now.</summary>
    /// <param name="moment">what distinguishes it from others of the test</param>
    private protected async Task Picture(string moment)
    {
        var (test, parts) = (TestContext.Current.Test!, new List<string> { GetType().Name, TestContext.Current.TestMethod!.MethodName });
        if (test.TestDisplayName.IndexOf("(name: \"", StringComparison.Ordinal) is >= 0 and var at) parts.Add(test.TestDisplayName[(at + 8)..^2]);
        if (moment.Length > 0) parts.Add(moment);
        await Page.ScreenshotAsync(new() { Path = Path.Combine(fixture.Machine.Folder, string.Join('-', parts) + ".png") });
    }
}
