using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using SaeNotebooks.Cli.Setup;

namespace SaeNotebooks.Cli.Browsing;

/// <summary>A server of Jupyter Notebook 6 on this machine, for one folder; the person's own settings do not count.</summary>
internal sealed class JupyterServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Uri _address;
    private readonly string _token, _settings;
    private string _log = "";

    private JupyterServer(string program, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var port = FreePort();
        (_address, _token) = (new Uri($"http://127.0.0.1:{port}/"), Guid.NewGuid().ToString("N"));
        _settings = Directory.CreateTempSubdirectory("jupyter-").FullName;
        // Left behind by a process that was killed, the server ends by itself, in ten minutes.
        string[] arguments = [$"--port={port}", "--ip=127.0.0.1", "--no-browser", "--NotebookApp.shutdown_no_activity_timeout=600",
            "--MappingKernelManager.cull_idle_timeout=600", .. Environment.IsPrivilegedProcess ? ["--allow-root"] : Array.Empty<string>(), folder];
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder };
        foreach (var (name, value) in environment) info.Environment[name] = value;
        (info.Environment["JUPYTER_TOKEN"], info.Environment["JUPYTER_CONFIG_DIR"]) = (_token, _settings);
        _process = Process.Start(info)!;
        _process.ErrorDataReceived += (_, line) => _log = line.Data ?? _log;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="folder">what it serves</param>
    /// <param name="environment">variables under which it finds the kernel</param>
    /// <param name="cancellation">gives up</param>
    /// <exception cref="CliException">there is no Jupyter Notebook 6, or it does not answer</exception>
    public static async Task<JupyterServer> Start(string folder, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var program = Executables.Find("jupyter-notebook") ?? throw new CliException("jupyter-notebook is not on the PATH.");
        var server = new JupyterServer(program, folder, environment);
        var version = await server.Version(cancellation);
        if (version?.StartsWith("6.", StringComparison.Ordinal) == true) return server;
        await server.DisposeAsync();
        throw new CliException(version is null ? $"'{program}' did not answer within {ChromiumBrowser.Patience.TotalMinutes:0} min: {server._log}"
            : $"'{program}' is Jupyter Notebook {version}; what is driven here is version 6.");
    }

    /// <summary>Where a notebook of the folder is opened.</summary>
    public string Notebook(string name) => $"{_address}notebooks/{name}?token={_token}";

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true); // kernels too
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_settings, recursive: true);
    }

    /// <summary>Of the server once it answers; null if it does not.</summary>
    private async Task<string?> Version(CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = _address };
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < ChromiumBrowser.Patience && !_process.HasExited; await Task.Delay(100, cancellation))
        {
            try { return (string?)(await client.GetFromJsonAsync<JsonObject>($"api?token={_token}", cancellation))!["version"]; }
            catch (HttpRequestException) { } // not there yet
        }
        return null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
