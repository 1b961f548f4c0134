using System.CommandLine;
using SaeNotebooks.Cli.Setup;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>lab</c>: opens Jupyter on the notebooks.</summary>
internal static class LabVerb
{
    private static readonly string[] Servers = ["jupyter-lab", "jupyter-notebook"];

    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var noBrowser = new Option<bool>("--no-browser") { Description = "print the address instead of opening a browser" };
        var port = new Option<int>("--port") { Description = "the server's port", DefaultValueFactory = _ => 8888 };
        var command = new Command("lab", "Open JupyterLab, or Notebook where there is no Lab, on notebooks/.") { noBrowser, port };
        command.SetAction((parsed, cancellation) => Open(parsed.GetValue(port), parsed.GetValue(noBrowser), cancellation));
        return command;
    }

    private static async Task<int> Open(int port, bool noBrowser, CancellationToken cancellation)
    {
        var repository = Repository.Find();
        if (Server() is null) await new Installer(AnsiConsole.Console).Ensure([Requirement.Server], cancellation);
        var server = Server() ?? throw new CliException($"None of {string.Join(", ", Servers)} is on the PATH after installing.");
        var environment = await KernelRegistration.Register(repository, cancellation);
        AnsiConsole.MarkupLineInterpolated($"{Path.GetFileName(server)} on {repository.Notebooks}; Control-C ends it");
        return await ChildProcess.RunAttached(server, Arguments(port, noBrowser), environment, repository.Notebooks, cancellation);
    }

    private static string? Server() => Servers.Select(Executables.Find).FirstOrDefault(found => found is not null);

    private static List<string> Arguments(int port, bool noBrowser)
    {
        var arguments = new List<string> { $"--port={port}" };
        if (noBrowser) arguments.Add("--no-browser");
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess) arguments.Add("--allow-root");
        return arguments;
    }
}
