using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;
using SaeNotebooks.Cli.Setup;

namespace SaeNotebooks.Cli.Running;

/// <summary>How a cell ended, as a client sees it.</summary>
/// <param name="Result">its value as plain text; null if it has none</param>
/// <param name="Error">name and message of the error; null if there was none</param>
internal sealed record CellAnswer(string? Result, string? Error);

/// <summary>A kernel in a process of its own, and a client that asks it one thing after the other over the shell channel.</summary>
internal sealed class KernelClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5), Glance = TimeSpan.FromMilliseconds(200);
    private readonly string folder = Directory.CreateTempSubdirectory("kernel-client-").FullName;
    private readonly byte[] key = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
    private readonly int[] ports = FreePorts(5);
    private readonly DealerSocket shell = new();
    private readonly Process process;
    private SubscriberSocket? broadcasts;
    private volatile string said = "nothing";

    /// <summary>Starts the kernel and connects to it; returns before it is ready.</summary>
    /// <param name="kernel">what to start</param>
    /// <param name="workingFolder">that cells run in; by default an empty one</param>
    /// <param name="environment">variables of its process, beside its own and those of this one</param>
    public KernelClient(InstalledKernel kernel, string? workingFolder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var connection = Path.Combine(folder, "connection.json");
        File.WriteAllText(connection, JsonSerializer.Serialize(new
        {
            ip = "127.0.0.1", transport = "tcp", signature_scheme = "hmac-sha256", key = Encoding.ASCII.GetString(key),
            shell_port = ports[0], control_port = ports[1], stdin_port = ports[2], iopub_port = ports[3], hb_port = ports[4],
        }));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(connection, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string[] command = [.. kernel.Command.Select(part => part.Replace(InstalledKernel.ConnectionFile, connection, StringComparison.Ordinal))];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = workingFolder ?? folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in kernel.Environment.Concat(environment ?? new Dictionary<string, string>())) start.Environment[name] = value;
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => said = string.IsNullOrWhiteSpace(line.Data) ? said : line.Data;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
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
        var reply = Reply(Send(type, content), type, Patience, CancellationToken.None);
        if (reply["status"]!.GetValue<string>() != "ok") throw new CliException($"The kernel failed at a {type}: {reply.ToJsonString()}");
    }

    /// <summary>How long the reply to a request takes.</summary>
    public double Milliseconds(string type, JsonObject content)
    {
        var clock = Stopwatch.StartNew();
        Ask(type, content);
        return clock.Elapsed.TotalMilliseconds;
    }

    /// <summary>How long a cell takes until its last broadcast has arrived.</summary>
    /// <exception cref="CliException">it failed</exception>
    public double MillisecondsToTheEnd(string code)
    {
        broadcasts ??= Listen();
        var clock = Stopwatch.StartNew();
        if (Execute(code, Patience, CancellationToken.None).Error is { } error) throw new CliException($"The kernel failed at a cell: {error}");
        return clock.Elapsed.TotalMilliseconds;
    }

    /// <summary>Processor time that the kernel has used, in milliseconds: unlike waits, nearly the same on a busy machine.</summary>
    public double ProcessorMilliseconds
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime.TotalMilliseconds;
        }
    }

    /// <summary>Runs a cell to its end.</summary>
    /// <param name="code">the cell</param>
    /// <param name="limit">how long it may take</param>
    /// <param name="cancellation">gives up waiting</param>
    /// <exception cref="CliException">it took longer, or the kernel's process ended</exception>
    public CellAnswer Execute(string code, TimeSpan limit, CancellationToken cancellation)
    {
        broadcasts ??= Listen();
        var id = Send("execute_request", Cell(code));
        var reply = Reply(id, "cell", limit, cancellation);
        return new(ResultOf(id), reply["status"]!.GetValue<string>() == "ok" ? null : $"{reply["ename"]}: {reply["evalue"]}");
    }

    public void Dispose()
    {
        shell.Dispose();
        broadcasts?.Dispose();
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private string Send(string type, JsonObject content)
    {
        var id = Guid.NewGuid().ToString();
        shell.SendMultipartMessage(Message(id, type, content));
        return id;
    }

    private JsonNode Reply(string id, string what, TimeSpan limit, CancellationToken cancellation)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < limit;)
        {
            cancellation.ThrowIfCancellationRequested();
            NetMQMessage? reply = null;
            if (shell.TryReceiveMultipartMessage(Glance, ref reply) && Parts(reply) is var (_, parent, content) && IsOf(id, parent)) return content;
            if (process.HasExited) throw new CliException($"The kernel's process ended at a {what}; the last it said was: {said}");
        }
        throw new CliException($"The kernel did not answer a {what} in {limit.TotalSeconds:0} s.");
    }

    /// <summary>What the request's broadcasts, which end with the idle status, have as the cell's value.</summary>
    private string? ResultOf(string id)
    {
        string? result = null;
        NetMQMessage? message = null;
        while (broadcasts!.TryReceiveMultipartMessage(Patience, ref message))
        {
            var (header, parent, content) = Parts(message);
            if (!IsOf(id, parent)) continue;
            var type = header["msg_type"]!.GetValue<string>();
            if (type == "execute_result") result = content["data"]?["text/plain"]?.GetValue<string>();
            if (type == "status" && content["execution_state"]!.GetValue<string>() == "idle") return result;
        }
        throw new CliException("The kernel went silent.");
    }

    /// <summary>A subscription takes effect some time after it was made: it is waited for.</summary>
    private SubscriberSocket Listen()
    {
        var socket = new SubscriberSocket();
        socket.Options.Linger = TimeSpan.Zero;
        socket.Options.ReceiveHighWatermark = 0; // lose nothing
        socket.Connect($"tcp://127.0.0.1:{ports[3]}");
        socket.SubscribeToAnyTopic();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience;)
        {
            Ask("kernel_info_request", new());
            NetMQMessage? heard = null;
            if (socket.TryReceiveMultipartMessage(Glance, ref heard)) return socket;
        }
        socket.Dispose();
        throw new CliException("The kernel broadcasts nothing.");
    }

    /// <summary>Behind the delimiter: signature, header, parent header, metadata, content.</summary>
    private static (JsonNode Header, JsonNode Parent, JsonNode Content) Parts(NetMQMessage message)
    {
        var at = 0;
        while (message[at].ConvertToString() != "<IDS|MSG>") at++;
        JsonNode Part(int i) => JsonNode.Parse(message[at + i].ToByteArray())!;
        return (Part(2), Part(3), Part(5));
    }

    private static bool IsOf(string id, JsonNode parent) => parent["msg_id"]?.GetValue<string>() == id;

    private NetMQMessage Message(string id, string type, JsonObject content)
    {
        var header = new JsonObject
        {
            ["msg_id"] = id, ["msg_type"] = type, ["session"] = "client", ["username"] = "client", ["date"] = DateTime.UtcNow.ToString("O"), ["version"] = "5.3",
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
