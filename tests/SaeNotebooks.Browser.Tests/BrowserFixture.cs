using SaeNotebooks.Cli.Browsing;

namespace SaeNotebooks.Browser.Tests;

/// <summary>A browser for all tests of one collection; collections run side by side.</summary>
public class BrowserFixture(TestMachine machine) : IAsyncLifetime
{
    internal TestMachine Machine => machine;

    internal ChromiumBrowser Browser { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => Browser = await ChromiumBrowser.Launch();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Browser is not null) await Browser.DisposeAsync();
    }
}
