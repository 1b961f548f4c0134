using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive;
using SaeNotebooks.Kernel.Protocol;
using SaeNotebooks.Kernel.Session;

namespace SaeNotebooks.Kernel.Hosting;

/// <summary>
/// Sends what one cell, or one message of a comm, shows to the clients, as children of the request that started it. What is more than
/// any person can look at is cut off with a notice. Thread-safe.
/// </summary>
internal sealed class CellOutput(
    Request request, KernelSockets sockets, StreamBuffer streams, InputRequests input, Func<bool> overdue, CancellationToken token) : ICellHost
{
    private const long MostText = 8 << 20, MostDisplayed = 128 << 20; // characters
    private readonly OutputBudget text = new(MostText), displayed = new(MostDisplayed);

    public CancellationToken CancellationToken => token;

    public void Display(IReadOnlyList<FormattedValue> values, string displayId) => Show("display_data", values, displayId);

    public void UpdateDisplay(IReadOnlyList<FormattedValue> values, string displayId) => Show("update_display_data", values, displayId);

    public void ClearOutput(bool wait) => Publish("clear_output", new JsonObject { ["wait"] = wait }, [], []);

    public void Write(string stream, string text)
    {
        RefuseWhenOverdue();
        if (this.text.Spend(text.Length, out var isFirstRefusal)) streams.Write(request, stream, text);
        else if (isFirstRefusal) CutOff($"{MostText >> 20} million characters of text");
    }

    public void Publish(string type, JsonObject content, JsonObject metadata, IReadOnlyList<byte[]> buffers)
    {
        RefuseWhenOverdue();
        streams.Flush();
        sockets.Publish(request.Header, type, content, metadata, buffers);
    }

    public Task<string> RequestInputAsync(string prompt, bool password)
    {
        streams.Flush();
        return input.AskAsync(request, prompt, password, token);
    }

    private void Show(string type, IReadOnlyList<FormattedValue> values, string displayId)
    {
        if (displayed.Spend(values.Sum(value => (long)value.Value.Length), out var isFirstRefusal))
            Publish(type, new JsonObject
            {
                ["data"] = MimeBundle.From(values),
                ["metadata"] = new JsonObject(),
                ["transient"] = new JsonObject { ["display_id"] = displayId },
            }, [], []);
        else if (isFirstRefusal) CutOff($"{MostDisplayed >> 20} million characters of displays");
    }

    private void CutOff(string limit) =>
        streams.Write(request, "stderr", $"\n[Output cut off: a cell shows at most {limit}. Write the rest to a file.]\n");

    private void RefuseWhenOverdue()
    {
        if (overdue()) throw new OperationCanceledException("The cell was interrupted.", token);
    }
}
