using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SaeNotebooks.Cli.Browsing;

/// <summary>A Jupyter Notebook server on this machine, for one folder.</summary>
internal sealed class JupyterServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly Process _process;
    private readonly int _port;
    private readonly string _token, _settings;

    private JupyterServer(Process process, int port, string token, string settings) => (_process, _port, _token, _settings) = (process, port, token, settings);

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="program">jupyter-notebook</param>
    /// <param name="folder">what it serves</param>
    /// <param name="environment">variables under which it finds the kernel</param>
    /// <param name="withWidgets">whether the widgets' extension is loaded, if it is installed</param>
    /// <param name="cancellation">gives up</param>
    /// <exception cref="CliException">it does not answer</exception>
    public static async Task<JupyterServer> Start(string program, string folder, IReadOnlyDictionary<string, string> environment, bool withWidgets, CancellationToken cancellation)
    {
        var (port, token) = (FreePort(), Guid.NewGuid().ToString("N"));
        var settings = Directory.CreateTempSubdirectory("jupyter-").FullName;
        if (!withWidgets)
        {
            Directory.CreateDirectory(Path.Combine(settings, "nbconfig"));
            await File.WriteAllTextAsync(Path.Combine(settings, "nbconfig", "notebook.json"), """{"load_extensions": {"jupyter-js-widgets/extension": false}}""", cancellation);
        }
        string[] arguments = [$"--port={port}", "--ip=127.0.0.1", "--no-browser", .. Environment.IsPrivilegedProcess ? ["--allow-root"] : Array.Empty<string>(), folder];
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder };
        foreach (var (name, value) in environment) info.Environment[name] = value;
        (info.Environment["JUPYTER_TOKEN"], info.Environment["JUPYTER_CONFIG_DIR"]) = (token, settings);
        var process = Process.Start(info)!;
        var log = "";
        process.ErrorDataReceived += (_, line) => log = line.Data ?? log;
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var server = new JupyterServer(process, port, token, settings);
        if (await server.Answers(cancellation)) return server;
        await server.DisposeAsync();
        throw new CliException($"'{program}' did not answer within {Patience.TotalMinutes:0} min: {log}");
    }

    /// <summary>Where a notebook of the folder is opened.</summary>
    public Uri Notebook(string name) => new($"http://127.0.0.1:{_port}/notebooks/{name}?token={_token}");

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true); // kernels too
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_settings, recursive: true);
    }

    private async Task<bool> Answers(CancellationToken cancellation)
    {
        using var client = new HttpClient();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience && !_process.HasExited; await Task.Delay(100, cancellation))
        {
            try
            {
                if ((await client.GetAsync(new Uri($"http://127.0.0.1:{_port}/api?token={_token}"), cancellation)).IsSuccessStatusCode) return true;
            }
            catch (HttpRequestException) { } // not there yet
        }
        return false;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
