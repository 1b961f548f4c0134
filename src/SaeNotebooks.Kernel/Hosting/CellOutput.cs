using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive;
using SaeNotebooks.Kernel.Protocol;
using SaeNotebooks.Kernel.Session;

namespace SaeNotebooks.Kernel.Hosting;

/// <summary>Sends what one cell shows to the clients, as children of the request that started it. Thread-safe.</summary>
internal sealed class CellOutput(
    Request request, KernelSockets sockets, StreamBuffer streams, InputRequests input, Func<bool> overdue, CancellationToken token) : ICellHost
{
    public CancellationToken CancellationToken => token;

    public void Display(IReadOnlyList<FormattedValue> values, string displayId) => Publish("display_data", values, displayId);

    public void UpdateDisplay(IReadOnlyList<FormattedValue> values, string displayId) => Publish("update_display_data", values, displayId);

    public void Write(string stream, string text)
    {
        RefuseWhenOverdue();
        streams.Write(request, stream, text);
    }

    public Task<string> RequestInputAsync(string prompt, bool password)
    {
        streams.Flush();
        return input.AskAsync(request, prompt, password, token);
    }

    private void Publish(string type, IReadOnlyList<FormattedValue> values, string displayId)
    {
        RefuseWhenOverdue();
        streams.Flush();
        sockets.Publish(request.Header, type, new JsonObject
        {
            ["data"] = MimeBundle.From(values),
            ["metadata"] = new JsonObject(),
            ["transient"] = new JsonObject { ["display_id"] = displayId },
        });
    }

    private void RefuseWhenOverdue()
    {
        if (overdue()) throw new OperationCanceledException("The cell was interrupted.", token);
    }
}
