using System.Text;
using System.Text.Json.Nodes;
using SaeNotebooks.Kernel.Protocol;

namespace SaeNotebooks.Kernel.Hosting;

/// <summary>
/// Gathers what cells write to stdout and stderr, so that many small writes become few messages, and sends it while the cell still runs.
/// Thread-safe; order is kept across both streams.
/// </summary>
internal sealed class StreamBuffer : IDisposable
{
    private const int FlushLength = 1 << 15;
    private static readonly TimeSpan FlushDelay = TimeSpan.FromMilliseconds(40);
    private readonly Lock gate = new();
    private readonly KernelSockets sockets;
    private readonly Timer timer;
    private readonly StringBuilder pending = new();
    private Request? cell;
    private string stream = "";

    public StreamBuffer(KernelSockets sockets)
    {
        this.sockets = sockets;
        timer = new Timer(_ => Flush());
    }

    public void Write(Request writer, string name, string text)
    {
        lock (gate)
        {
            if (cell != writer || stream != name) Flush();
            (cell, stream) = (writer, name);
            if (pending.Length == 0) timer.Change(FlushDelay, Timeout.InfiniteTimeSpan);
            pending.Append(text);
            if (pending.Length >= FlushLength) Flush();
        }
    }

    public void Flush()
    {
        lock (gate)
        {
            if (pending.Length == 0) return;
            sockets.Publish(cell!.Header, "stream", new JsonObject { ["name"] = stream, ["text"] = pending.ToString() });
            pending.Clear();
        }
    }

    public void Dispose() => timer.Dispose();
}
