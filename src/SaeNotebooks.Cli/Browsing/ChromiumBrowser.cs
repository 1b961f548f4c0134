using System.Reflection;
using Microsoft.Playwright;
using SaeNotebooks.Cli.Export;

namespace SaeNotebooks.Cli.Browsing;

/// <summary>The system's Chromium, headless, driven by Playwright, which downloads no browser of its own for it.</summary>
internal sealed class ChromiumBrowser : IAsyncDisposable
{
    /// <summary>How long anything is waited for in a page: much longer than it takes, even on a machine with other work.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Nothing of the browser's own goes to the network or waits for it; sandboxes are not for root.
    private static readonly string[] Arguments =
        ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private ChromiumBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Starts a browser with a profile of its own.</summary>
    /// <exception cref="CliException">there is no Chromium, Playwright's package is gone, or the browser does not start</exception>
    public static async Task<ChromiumBrowser> Launch()
    {
        var program = SlidePrinter.Browser() ?? throw new CliException("No Chromium was found on the PATH.");
        FindDriver();
        var playwright = await Playwright.CreateAsync();
        try
        {
            var browser = await playwright.Chromium.LaunchAsync(new()
                { ExecutablePath = program, Args = Arguments, ChromiumSandbox = !(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess), Timeout = Milliseconds });
            return new(playwright, browser);
        }
        catch (PlaywrightException e)
        {
            playwright.Dispose();
            throw new CliException($"'{program}' did not start: {e.Message.Split('\n')[0]}", e);
        }
    }

    /// <summary>An empty page in a profile of its own.</summary>
    /// <param name="isOffline">whether there is no network for it</param>
    public async Task<IPage> Open(bool isOffline = false)
    {
        var context = await _browser.NewContextAsync(new() { Offline = isOffline, ViewportSize = new() { Width = 1280, Height = 900 } });
        context.SetDefaultTimeout(Milliseconds);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static float Milliseconds => (float)Patience.TotalMilliseconds;

    private static void FindDriver()
    {
        var package = typeof(ChromiumBrowser).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "Playwright").Value!;
        if (!Directory.Exists(Path.Combine(package, ".playwright"))) throw new CliException($"Playwright's package is not in '{package}' any more: build again.");
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", package);
    }
}
