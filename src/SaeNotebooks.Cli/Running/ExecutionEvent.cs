using System.Text.Json;

namespace SaeNotebooks.Cli.Running;

/// <summary>One step of a notebook's execution, as the executing script reports it.</summary>
internal abstract record ExecutionEvent
{
    /// <summary>The kernel is ready.</summary>
    public sealed record KernelReady(double Seconds) : ExecutionEvent;

    /// <summary>A cell begins; numbers count all cells of the notebook from 1.</summary>
    public sealed record CellStarted(int Number) : ExecutionEvent;

    /// <summary>A cell ended well.</summary>
    public sealed record CellDone(int Number, double Seconds) : ExecutionEvent;

    /// <summary>A cell threw, took too long or took its kernel with it.</summary>
    public sealed record CellFailed(int Number, string Name, string Message, string Trace) : ExecutionEvent;

    /// <summary>No kernel could be used.</summary>
    public sealed record KernelFailed(string Message) : ExecutionEvent;

    /// <summary>All cells have run, or one has failed, and the executed notebook is written; the kernel has yet to be shut down.</summary>
    public sealed record CellsEnded : ExecutionEvent;

    /// <summary>Reads a reported line; null for a line that is not a report, such as a library's warning.</summary>
    public static ExecutionEvent? Parse(string line)
    {
        if (!line.StartsWith('{')) return null;
        try
        {
            using var json = JsonDocument.Parse(line);
            return Parse(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException) { return null; }
    }

    private static ExecutionEvent? Parse(JsonElement e)
    {
        string Text(string key) => e.GetProperty(key).GetString() ?? "";
        int Number() => e.GetProperty("number").GetInt32();
        double Seconds() => e.GetProperty("seconds").GetDouble();
        return Text("event") switch
        {
            "kernel" => new KernelReady(Seconds()),
            "cell" => new CellStarted(Number()),
            "done" => new CellDone(Number(), Seconds()),
            "failed" => new CellFailed(Number(), Text("name"), Text("message"), Text("trace")),
            "ended" => new CellsEnded(),
            "nokernel" => new KernelFailed(Text("message")),
            _ => null,
        };
    }
}
