using SaeNotebooks.Cli.Browsing;

namespace SaeNotebooks.Browser.Tests.Jupyter;

/// <summary>A browser, and a Jupyter server that knows this checkout's kernel.</summary>
public sealed class JupyterFixture(TestMachine machine) : BrowserFixture(machine)
{
    private JupyterServer? server;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        server = await JupyterServer.Start(Machine.Folder, Machine.Environment, CancellationToken.None);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
    }

    /// <summary>Opens a notebook of the machine's folder, with a kernel of its own.</summary>
    internal Task<JupyterPage> Open(string notebook, ControlsLook look) => JupyterPage.Open(Browser, server!, notebook, look, Machine.Repository.WebPackages);
}

/// <summary>Tests of notebooks in Jupyter.</summary>
[CollectionDefinition]
public sealed class InJupyter : ICollectionFixture<JupyterFixture>;
