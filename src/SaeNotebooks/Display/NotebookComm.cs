using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SaeNotebooks.Display;

/// <summary>
/// A line between this process and the notebook's front end, over which both send JSON also while no cell runs (Jupyter's comm). Reached by
/// reflection on the type that a host with comms offers, "Microsoft.DotNet.Interactive.Comm", whose signatures hold types of the framework alone.
/// </summary>
internal sealed class NotebookComm
{
    private readonly object _line;

    private NotebookComm(object line) => _line = line;

    /// <summary>Whether the host has comms.</summary>
    public static bool IsAvailable => NotebookHost.Find("Comm") is not null;

    /// <summary>The id under which both sides know the line.</summary>
    public string Id => (string)_line.GetType().GetProperty("Id")!.GetValue(_line)!;

    /// <summary>Called with each message from the front end.</summary>
    public Action<JsonElement> Received
    {
        set => _line.GetType().GetProperty("Received")!.SetValue(_line, (JsonElement data, IReadOnlyList<byte[]> _) => value(data));
    }

    /// <summary>Called when the front end closes the line.</summary>
    public Action Closed { set => _line.GetType().GetProperty("Closed")!.SetValue(_line, value); }

    /// <summary>Opens a line from the running cell to something that the front end knows.</summary>
    public static NotebookComm Open(string target, JsonObject data, JsonObject metadata) =>
        new(Method("Open").Invoke(null, [target, data, metadata, null, null])!);

    /// <summary>Says who takes the lines that the front end opens; the last to say so does.</summary>
    public static void Serve(string target, Action<NotebookComm, JsonElement> opened) =>
        Method("Serve").Invoke(null, [target, (Action<object, JsonElement, IReadOnlyList<byte[]>>)((line, data, _) => opened(new(line), data))]);

    public void Send(JsonObject data) => Method("Send").Invoke(_line, [data, null, null]);

    public void Close() => Method("Close").Invoke(_line, [null]);

    private static MethodInfo Method(string name) => NotebookHost.Find("Comm")!.GetMethod(name)!;
}
