using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>A kernel in a process of its own, and a client that asks it one thing after the other over the shell channel.</summary>
internal sealed class KernelClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string folder = Directory.CreateTempSubdirectory("kernel-bench-").FullName;
    private readonly byte[] key = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
    private readonly DealerSocket shell = new();
    private readonly Process process;

    /// <summary>Starts the kernel and connects to it; returns before it is ready.</summary>
    public KernelClient(string kernel)
    {
        var ports = FreePorts(5);
        var connection = Path.Combine(folder, "connection.json");
        File.WriteAllText(connection, JsonSerializer.Serialize(new
        {
            ip = "127.0.0.1", transport = "tcp", signature_scheme = "hmac-sha256", key = Encoding.ASCII.GetString(key),
            shell_port = ports[0], control_port = ports[1], stdin_port = ports[2], iopub_port = ports[3], hb_port = ports[4],
        }));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(connection, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        process = Process.Start(new ProcessStartInfo("dotnet", [kernel, connection]) { WorkingDirectory = folder })!;
        (shell.Options.Linger, shell.Options.ReconnectInterval) = (TimeSpan.Zero, TimeSpan.FromMilliseconds(5));
        shell.Connect($"tcp://127.0.0.1:{ports[0]}");
    }

    /// <summary>The content of an execute_request by a program, not a person.</summary>
    public static JsonObject Cell(string code) => new()
        { ["code"] = code, ["silent"] = false, ["store_history"] = true, ["user_expressions"] = new JsonObject(), ["allow_stdin"] = false, ["stop_on_error"] = true };

    /// <summary>The content of a complete_request at the end of the code.</summary>
    public static JsonObject Completion(string code) => new() { ["code"] = code, ["cursor_pos"] = code.Length };

    /// <summary>Sends a request and waits for its reply.</summary>
    /// <exception cref="CliException">there is none, or it is an error</exception>
    public void Ask(string type, JsonObject content)
    {
        var id = Guid.NewGuid().ToString();
        shell.SendMultipartMessage(Message(id, type, content));
        NetMQMessage? reply = null;
        do
            if (!shell.TryReceiveMultipartMessage(Patience, ref reply)) throw new CliException($"The kernel did not answer a {type} in {Patience.TotalSeconds:0} s.");
        while (!reply[3].ConvertToString().Contains(id)); // delimiter, signature, header, parent header, metadata, content
        using var answer = JsonDocument.Parse(reply[5].ToByteArray());
        if (answer.RootElement.GetProperty("status").GetString() != "ok") throw new CliException($"The kernel failed at a {type}: {answer.RootElement.GetRawText()}");
    }

    /// <summary>How long the reply to a request takes.</summary>
    public double Milliseconds(string type, JsonObject content)
    {
        var clock = Stopwatch.StartNew();
        Ask(type, content);
        return clock.Elapsed.TotalMilliseconds;
    }

    public void Dispose()
    {
        shell.Dispose();
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private NetMQMessage Message(string id, string type, JsonObject content)
    {
        var header = new JsonObject
        {
            ["msg_id"] = id, ["msg_type"] = type, ["session"] = "bench", ["username"] = "bench", ["date"] = DateTime.UtcNow.ToString("O"), ["version"] = "5.3",
        };
        string[] json = [header.ToJsonString(), "{}", "{}", content.ToJsonString()];
        var message = new NetMQMessage();
        message.Append("<IDS|MSG>");
        message.Append(Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Concat(json)))));
        foreach (var part in json) message.Append(part);
        return message;
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Stop());
        return ports;
    }
}
