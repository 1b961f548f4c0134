using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.DotNet.Interactive;

/// <summary>
/// A line between something in the kernel and its view in the front end (Jupyter's comms), over which both send JSON and binary buffers
/// as long as it is open, also while no cell runs. Either side opens it: the kernel with <see cref="Open"/>, the front end for
/// a target that <see cref="Serve"/> named. Everything in the signatures is of the framework, so that a library which finds this type by
/// its name, "Microsoft.DotNet.Interactive.Comm", needs nothing else of it.
/// </summary>
/// <remarks>
/// Thread-safe. What comes in is handled one message after the other and never beside a cell; handlers can be interrupted as cells can,
/// and what they display or write belongs to the message. A handler with long work starts a task, which sends when it has something.
/// </remarks>
public sealed class Comm
{
    private static readonly ConcurrentDictionary<string, Comm> Lines = new();
    private static readonly ConcurrentDictionary<string, Action<Comm, JsonElement, IReadOnlyList<byte[]>>> Targets = new();
    private readonly KernelInvocationContext openedBy;

    private Comm(string id, string target, KernelInvocationContext openedBy) => (Id, Target, this.openedBy) = (id, target, openedBy);

    /// <summary>The id under which both sides know the line.</summary>
    public string Id { get; }

    /// <summary>What is at the other end, for example "jupyter.widget".</summary>
    public string Target { get; }

    /// <summary>Whether neither side has closed it.</summary>
    public bool IsOpen => Lines.ContainsKey(Id);

    /// <summary>Called with the data and the buffers of each message from the front end.</summary>
    public Action<JsonElement, IReadOnlyList<byte[]>>? Received { get; set; }

    /// <summary>Called when the front end closes the line.</summary>
    public Action? Closed { get; set; }

    internal static IReadOnlyCollection<Comm> All => [.. Lines.Values];

    /// <summary>Opens a line to a target that the front end knows.</summary>
    /// <param name="target">The target's name there.</param>
    /// <param name="data">What it is opened with; nothing by default.</param>
    /// <param name="metadata">The message's metadata, such as the version of the widgets' protocol; nothing by default.</param>
    /// <param name="buffers">Binary parts of the data; none by default.</param>
    /// <param name="id">The id, which must be new; a random one by default.</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    /// <exception cref="ArgumentException">A line of that id is open.</exception>
    public static Comm Open(
        string target, JsonObject? data = null, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null, string? id = null)
    {
        var cell = KernelInvocationContext.Current ?? throw new InvalidOperationException("No cell is running, so there is no front end to open a comm to.");
        var line = new Comm(id ?? Guid.NewGuid().ToString("N"), target, cell);
        if (!Lines.TryAdd(line.Id, line)) throw new ArgumentException($"A comm '{line.Id}' is open already.", nameof(id));
        line.Publish("comm_open", data, metadata, buffers, ("target_name", target));
        return line;
    }

    /// <summary>Says who takes the lines that the front end opens to a target; the last to say so does.</summary>
    /// <param name="target">The target's name.</param>
    /// <param name="opened">Called with each new line, the data and the buffers that it is opened with.</param>
    public static void Serve(string target, Action<Comm, JsonElement, IReadOnlyList<byte[]>> opened) => Targets[target] = opened;

    /// <summary>Sends data and buffers to the front end. Does nothing once the line is closed.</summary>
    /// <param name="data">The data.</param>
    /// <param name="metadata">The message's metadata; nothing by default.</param>
    /// <param name="buffers">Binary parts of the data; none by default.</param>
    public void Send(JsonObject data, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null)
    {
        if (IsOpen) Publish("comm_msg", data, metadata, buffers);
    }

    /// <summary>Closes the line, with a last word if <paramref name="data"/> is given. Does nothing if it is closed.</summary>
    public void Close(JsonObject? data = null)
    {
        if (Lines.TryRemove(Id, out _)) Publish("comm_close", data, null, null);
    }

    internal static Comm? Find(string id) => Lines.GetValueOrDefault(id);

    /// <summary>Takes a line that the front end opened; returns false if nobody serves its target.</summary>
    internal static bool Accept(string id, string target, JsonElement data, IReadOnlyList<byte[]> buffers, KernelInvocationContext message)
    {
        if (!Targets.TryGetValue(target, out var opened)) return false;
        var line = Lines[id] = new Comm(id, target, message);
        opened(line, data, buffers);
        return true;
    }

    /// <summary>Forgets a line that the front end closed.</summary>
    internal void End()
    {
        if (Lines.TryRemove(Id, out _)) Closed?.Invoke();
    }

    private void Publish(string type, JsonObject? data, JsonObject? metadata, IReadOnlyList<byte[]>? buffers, params (string, string)[] more)
    {
        var content = new JsonObject { ["comm_id"] = Id, ["data"] = data?.DeepClone() ?? new JsonObject() };
        foreach (var (key, value) in more) content[key] = value;
        (KernelInvocationContext.Current ?? openedBy).Host.Publish(type, content, metadata ?? [], buffers ?? []);
    }
}
