using SaeNotebooks.Cli.Export;
using Spectre.Console;

namespace SaeNotebooks.Cli.Setup;

/// <summary>Sees to what is not part of the .NET SDK: Jupyter, a browser, and what pages need.</summary>
internal static class JupyterSetup
{
    /// <summary>Jupyter's client, and what pages and slides need.</summary>
    /// <returns>a Python that has nbclient</returns>
    /// <exception cref="CliException">something cannot be installed here; the message says what to do</exception>
    public static Task<string> ForNotebooks(Repository repository, IAnsiConsole console, CancellationToken cancellation) =>
        Prepare(repository, console, WebAssets.Packages, [], cancellation);

    /// <summary>That, and Jupyter Notebook with everything that draws controls in it, and Chromium.</summary>
    /// <inheritdoc cref="ForNotebooks" path="/returns"/>
    /// <inheritdoc cref="ForNotebooks" path="/exception"/>
    public static Task<string> ForBrowser(Repository repository, IAnsiConsole console, CancellationToken cancellation) =>
        Prepare(repository, console, [.. WebAssets.Packages, NpmPackage.Widgets], [.. SlidePrinter.Missing(), .. MissingNotebook()], cancellation);

    private static async Task<string> Prepare(
        Repository repository, IAnsiConsole console, IReadOnlyList<NpmPackage> packages, IReadOnlyList<Requirement> more, CancellationToken cancellation)
    {
        var python = await PythonFinder.WithNbClient(cancellation);
        var installer = new Installer(console);
        await installer.Ensure([.. Installer.MissingFor(packages, repository.WebPackages), .. python is null ? [Requirement.NbClient] : Array.Empty<Requirement>(), .. more], cancellation);
        await installer.Fetch(packages, repository.WebPackages, cancellation);
        return python ?? await PythonFinder.WithNbClient(cancellation)
            ?? throw new CliException("nbclient was installed, but no Python here can import it: is /usr/bin/python3 Debian's own?");
    }

    /// <summary>The widgets' extension lies in the share folder beside the folder of the program.</summary>
    private static IReadOnlyList<Requirement> MissingNotebook()
    {
        if (Executables.Find("jupyter-notebook") is not { } program) return [Requirement.Notebook, Requirement.Widgets];
        var prefix = Path.GetDirectoryName(Path.GetDirectoryName(program))!;
        return File.Exists(Path.Combine(prefix, "share", "jupyter", "nbextensions", "jupyter-js-widgets", "extension.js")) ? [] : [Requirement.Widgets];
    }
}
