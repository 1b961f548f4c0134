using SaeNotebooks.Cli.Browsing;

namespace SaeNotebooks.Browser.Tests.Jupyter;

/// <summary>The controls' notebook, open in Jupyter and executed, for all tests of one class.</summary>
public abstract class ControlsSession : IAsyncLifetime
{
    private const string Notebook = "controls.ipynb";
    private readonly JupyterFixture jupyter;

    private protected ControlsSession(JupyterFixture jupyter, ControlsLook look) => (this.jupyter, Look) = (jupyter, look);

    /// <summary>What draws the controls.</summary>
    internal ControlsLook Look { get; }

    internal JupyterPage Open { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        BrowserFolder.With(jupyter.Machine.Repository, Notebook);
        Open = await jupyter.Open(Notebook, Look);
        await Open.ExecuteAll();
        await Expect(Open.Page.Locator(".js-plotly-plot .gtitle")).ToHaveTextAsync("3 waves");
    }

    public async ValueTask DisposeAsync()
    {
        if (Open is not null) await Open.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class Widgets6Session(JupyterFixture jupyter) : ControlsSession(jupyter, ControlsLook.Widgets6);

public sealed class Widgets8Session(JupyterFixture jupyter) : ControlsSession(jupyter, ControlsLook.Widgets8);

public sealed class ScriptSession(JupyterFixture jupyter) : ControlsSession(jupyter, ControlsLook.Page);
