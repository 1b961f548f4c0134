using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SaeNotebooks.Tests.Hub;

/// <summary>A request as it came.</summary>
internal sealed record Asked(string Method, string Path, IReadOnlyDictionary<string, string> Headers)
{
    public string? Token => Headers.GetValueOrDefault("authorization");

    /// <summary>What was sent with it.</summary>
    public string Body { get; init; } = "";

    /// <summary>The first byte that is asked for.</summary>
    public int From => Headers.TryGetValue("range", out var range) ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;
}

/// <summary>An answer, or part of one.</summary>
internal sealed record Answer(int Status, byte[]? Body = null)
{
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>Bytes of the body after which the connection breaks.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Bytes of the body after which nothing more comes, though the connection stays.</summary>
    public int? StallAfter { get; init; }

    /// <summary>Says no length, and ends with the connection.</summary>
    public bool IsUnmeasured { get; init; }

    /// <summary>A pause before each tenth of the body.</summary>
    public TimeSpan Pause { get; init; }
}

/// <summary>An HTTP server on the loopback address, on a port of its own, small enough to misbehave in every way. One request a connection.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<Asked, Answer> _answer;
    private readonly Task _accepting;
    private int _busy;

    public LoopbackServer(Func<Asked, Answer> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = Accept();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public ConcurrentQueue<Asked> Requests { get; } = [];

    /// <summary>Of connections that the client, or the end of the test, broke.</summary>
    public ConcurrentQueue<Exception> Broken { get; } = [];

    /// <summary>The most requests that were in work at once.</summary>
    public int MostAtOnce { get; private set; }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _accepting.Wait();
        _end.Dispose();
    }

    private async Task Accept()
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(Serve(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (OperationCanceledException) { await Task.WhenAll(serving); }
    }

    private async Task Serve(TcpClient client)
    {
        using var _ = client;
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _busy));
        try
        {
            var stream = client.GetStream();
            var asked = await Read(stream);
            Requests.Enqueue(asked);
            await Write(stream, asked, _answer(asked));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException) { Broken.Enqueue(e); }
        finally { Interlocked.Decrement(ref _busy); }
    }

    private async Task<Asked> Read(NetworkStream stream)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _end.Token) == 0) throw new IOException("closed");
            text.Append((char)one[0]);
        }
        var lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var start = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(p => p[0].ToLowerInvariant(), p => p[1]);
        var body = new byte[int.Parse(headers.GetValueOrDefault("content-length", "0"), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _end.Token);
        return new(start[0], start[1], headers) { Body = Encoding.UTF8.GetString(body) };
    }

    private async Task Write(NetworkStream stream, Asked asked, Answer answer)
    {
        var body = answer.Body ?? [];
        var headers = new Dictionary<string, string> { ["Content-Length"] = $"{body.Length}", ["Connection"] = "close" };
        foreach (var (name, value) in answer.Headers) headers[name] = value;
        if (answer.IsUnmeasured) headers.Remove("Content-Length");
        var head = $"HTTP/1.1 {answer.Status} X\r\n{string.Concat(headers.Select(h => $"{h.Key}: {h.Value}\r\n"))}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _end.Token);
        if (asked.Method == "HEAD") return;
        foreach (var piece in body.Take(answer.CutAfter ?? answer.StallAfter ?? body.Length).Chunk(Math.Max(1, body.Length / 10)))
        {
            if (answer.Pause > TimeSpan.Zero) await Task.Delay(answer.Pause, _end.Token);
            await stream.WriteAsync(piece, _end.Token);
        }
        if (answer.StallAfter is not null) await Task.Delay(Timeout.Infinite, _end.Token);
    }
}
