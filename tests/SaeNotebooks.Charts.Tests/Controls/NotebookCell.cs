using Microsoft.DotNet.Interactive;
using SaeNotebooks.Display;

namespace SaeNotebooks.Charts.Tests.Controls;

/// <summary>A cell that shows controls, in a notebook whose front end is this test.</summary>
internal sealed class NotebookCell : IDisposable
{
    private readonly KernelInvocationContext _cell = new();

    public NotebookCell()
    {
        KernelInvocationContext.Current = _cell;
        Comm.Opened.Value = Comms;
    }

    public List<Comm> Comms { get; } = [];

    public IReadOnlyList<DisplayedValue> Outputs => _cell.Outputs;

    public DisplayedValue Panel => _cell.Outputs[0];

    public DisplayedValue Result => _cell.Outputs[1];

    /// <summary>The text below the controls now.</summary>
    public string Below
    {
        get
        {
            lock (Result.Shown) return ((IDisplayable)Result.Shown[^1]).ToText();
        }
    }

    public Comm Widget(string model) => Comms.Single(c => (string?)c.Data["state"]!["_model_name"] == model);

    /// <summary>Waits for what another thread will have shown; a long time, for the machine may be busy.</summary>
    public async Task ShowsBelow(string text)
    {
        for (var waited = 0; Below != text && waited < 20_000; waited += 5) await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.Equal(text, Below);
    }

    public void Dispose() => (KernelInvocationContext.Current, Comm.Opened.Value) = (null, null);
}
