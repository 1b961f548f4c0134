using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace SaeNotebooks.Kernel.Tests;

/// <summary>A kernel in a process of its own, in an empty working directory, with a connection file of its own.</summary>
internal sealed class KernelProcess : IDisposable
{
    private readonly List<string> errors = [];

    public KernelProcess(
        string? ip = null, string? key = null, int[]? ports = null, Dictionary<string, string>? environment = null, string[]? options = null, bool isShared = false)
    {
        Folder = Directory.CreateTempSubdirectory("kernel-tests-").FullName;
        Key = key ?? Guid.NewGuid().ToString("N");
        Ports = ports ?? FreePorts();
        ConnectionFile = Path.Combine(Folder, "connection.json");
        File.WriteAllText(ConnectionFile, JsonSerializer.Serialize(new
        {
            ip = ip ?? "127.0.0.1", transport = "tcp", signature_scheme = "hmac-sha256", key = Key, kernel_name = "sae-csharp",
            shell_port = Ports[0], control_port = Ports[1], stdin_port = Ports[2], iopub_port = Ports[3], hb_port = Ports[4],
        }));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(ConnectionFile, (UnixFileMode)(isShared ? 0b110_100_100 : 0b110_000_000));
        // A test run that is itself in the background ignores SIGINT, and its children would inherit that.
        string[] command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], typeof(KernelLog).Assembly.Location, .. options ?? [], ConnectionFile])
        {
            WorkingDirectory = Folder, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        Process = Process.Start(start)!;
        Process.ErrorDataReceived += (_, line) =>
        {
            lock (errors) if (line.Data is { } text) errors.Add(text);
        };
        Process.BeginErrorReadLine();
    }

    public Process Process { get; }

    public string Folder { get; }

    public string ConnectionFile { get; }

    public string Key { get; }

    public int[] Ports { get; }

    /// <summary>What the kernel has written to its stderr so far.</summary>
    public string[] Errors
    {
        get { lock (errors) return [.. errors]; }
    }

    public int ExitCode()
    {
        Assert.True(Process.WaitForExit(TimeSpan.FromSeconds(60)), "The kernel did not end.");
        Process.WaitForExit();
        return Process.ExitCode;
    }

    public void Dispose()
    {
        if (!Process.HasExited) Process.Kill(entireProcessTree: true);
        Process.WaitForExit();
        Process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    public static int[] FreePorts()
    {
        var listeners = Enumerable.Range(0, 5).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Stop());
        return ports;
    }
}
