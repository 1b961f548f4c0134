using System.Diagnostics;
using SaeNotebooks.Cli.Export;

namespace SaeNotebooks.Cli.Browsing;

/// <summary>A headless Chromium of the system, driven over the DevTools protocol: no driver to download, nothing but the browser itself.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly Process _process;
    private readonly string _profile;
    private readonly DevTools _tools;
    private readonly Dictionary<string, BrowserPage> _pages = [];

    private Browser(Process process, string profile, DevTools tools)
    {
        (_process, _profile, _tools) = (process, profile, tools);
        tools.Happened = (session, method, parameters) =>
        {
            lock (_pages)
                if (_pages.TryGetValue(session, out var page)) page.Take(method, parameters);
        };
    }

    /// <summary>Starts a browser with a profile of its own.</summary>
    /// <exception cref="CliException">there is none, or it does not start</exception>
    public static async Task<Browser> Start(CancellationToken cancellation)
    {
        var program = SlidePrinter.Browser() ?? throw new CliException("No Chromium was found on the PATH.");
        var profile = Directory.CreateTempSubdirectory("browser-").FullName;
        string[] arguments =
        [
            "--headless", "--disable-gpu", "--no-first-run", "--window-size=1280,900", "--remote-debugging-port=0", $"--user-data-dir={profile}",
            .. OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? ["--no-sandbox"] : Array.Empty<string>(), "about:blank",
        ];
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var address = await Address(Path.Combine(profile, "DevToolsActivePort"), program, cancellation);
        return new(process, profile, await DevTools.Connect(address, cancellation));
    }

    /// <summary>Opens a page.</summary>
    public async Task<BrowserPage> Open(Uri address, bool isOffline, CancellationToken cancellation)
    {
        var target = (string)(await _tools.Send("Target.createTarget", new() { ["url"] = "about:blank" }, null, cancellation))["targetId"]!;
        var session = (string)(await _tools.Send("Target.attachToTarget", new() { ["targetId"] = target, ["flatten"] = true }, null, cancellation))["sessionId"]!;
        var page = new BrowserPage((method, parameters) => _tools.Send(method, parameters, session, cancellation), () => Close(target, session), cancellation);
        lock (_pages) _pages[session] = page;
        await page.Load(address, isOffline);
        return page;
    }

    private async Task Close(string target, string session)
    {
        lock (_pages) _pages.Remove(session);
        await _tools.Send("Target.closeTarget", new() { ["targetId"] = target }, null, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _tools.DisposeAsync();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        try { Directory.Delete(_profile, recursive: true); }
        catch (IOException) { } // a child of the browser may write a last file
    }

    /// <summary>The browser writes its port and path into its profile.</summary>
    private static async Task<Uri> Address(string file, string program, CancellationToken cancellation)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience; await Task.Delay(50, cancellation))
            if (File.Exists(file) && await File.ReadAllLinesAsync(file, cancellation) is [var port, var path, ..]) return new Uri($"ws://127.0.0.1:{port}{path}");
        throw new CliException($"'{program}' did not open its DevTools within {Patience.TotalMinutes:0} min.");
    }
}
