using System.Text.Json.Nodes;

namespace Microsoft.DotNet.Interactive;

/// <summary>What the kernel does for one running cell. All members may be called from any thread.</summary>
internal interface ICellHost
{
    /// <summary>Cancelled when the person at the notebook interrupts the cell.</summary>
    CancellationToken CancellationToken { get; }

    /// <summary>Shows <paramref name="values"/>, one representation per MIME type, as one output.</summary>
    void Display(IReadOnlyList<FormattedValue> values, string displayId);

    /// <summary>Replaces the output that was shown as <paramref name="displayId"/>.</summary>
    void UpdateDisplay(IReadOnlyList<FormattedValue> values, string displayId);

    /// <summary>Removes what the cell has shown so far, with <paramref name="wait"/> only when it shows something new.</summary>
    void ClearOutput(bool wait);

    /// <summary>Sends a message of any type to all clients.</summary>
    void Publish(string type, JsonObject content, JsonObject metadata, IReadOnlyList<byte[]> buffers);

    /// <summary>Adds <paramref name="text"/> to the cell's <paramref name="stream"/>, "stdout" or "stderr".</summary>
    void Write(string stream, string text);

    /// <summary>Asks the person at the notebook for a line of text.</summary>
    Task<string> RequestInputAsync(string prompt, bool password);
}
