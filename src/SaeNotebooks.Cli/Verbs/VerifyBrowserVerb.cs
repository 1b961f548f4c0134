using System.CommandLine;
using SaeNotebooks.Cli.Browsing;
using SaeNotebooks.Cli.Export;
using SaeNotebooks.Cli.Setup;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>verify-browser</c>: works controls in Jupyter Notebook and pages through slides in a real browser. Not part of the tests, which need
/// neither Jupyter nor a browser.</summary>
internal static class VerifyBrowserVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var folder = new Option<string?>("--out") { Description = "folder for screenshots and checks.json; artifacts/browser by default" };
        var command = new Command("verify-browser",
            "Work controls, tables and attention heads in Jupyter Notebook and on slides with headless Chromium, and page through every deck in out/ with the network off.") { folder };
        command.SetAction((parsed, cancellation) => Verify(parsed.GetValue(folder), cancellation));
        return command;
    }

    private static async Task<int> Verify(string? folder, CancellationToken cancellation)
    {
        var repository = Repository.Find();
        var python = await Prepare(repository, cancellation);
        // As deep as the library's own folder, to which the notebook refers.
        var place = Path.Combine(repository.Root, "artifacts", "browser");
        Directory.CreateDirectory(place);
        var notebook = Path.Combine(place, "controls.ipynb");
        await File.WriteAllTextAsync(notebook, WebAssets.Own("controls.ipynb"), cancellation);
        var environment = await KernelRegistration.Register(repository, cancellation);
        await using var browser = await Browser.Start(cancellation);
        var checks = new BrowserChecks(repository, folder ?? place, notebook, python, environment, browser, cancellation);
        var report = new BrowserReport();
        File.Copy(NpmPackage.Widgets.Existing(repository.WebPackages, "dist/embed-amd.js"), Path.Combine(place, "embed-amd.js"), overwrite: true);
        foreach (var look in new[] { ControlsLook.Widgets6, ControlsLook.Widgets8, ControlsLook.Page })
            await report.Check($"Jupyter Notebook, {look.Name}", () => checks.InNotebook(look));
        report.Skip("JupyterLab", "Debian has no package of it. The widget manager that it has, of ipywidgets 8, was put into Jupyter Notebook.");
        await report.Check("slides with controls, network off", checks.OnSlides);
        foreach (var deck in Decks(repository)) await report.Check($"{Path.GetFileName(deck)}, network off", () => checks.InDeck(deck));
        report.Write(Path.Combine(folder ?? place, "checks.json"));
        AnsiConsole.MarkupLineInterpolated($"screenshots and checks.json in {folder ?? place}");
        return report.IsClean ? 0 : 1;
    }

    private static async Task<string> Prepare(Repository repository, CancellationToken cancellation)
    {
        var python = await PythonFinder.WithNbClient(cancellation);
        var installer = new Installer(AnsiConsole.Console);
        var widgets = NpmPackage.Widgets.IsCached(repository.WebPackages);
        await installer.Ensure([.. Installer.MissingForPages(repository.WebPackages), .. !widgets && Executables.Find("npm") is null ? [Requirement.Npm] : Array.Empty<Requirement>(), .. SlidePrinter.Missing(), .. python is null ? [Requirement.NbClient] : Array.Empty<Requirement>(),
            .. Executables.Find("jupyter-notebook") is null ? [Requirement.Notebook, Requirement.Widgets] : Array.Empty<Requirement>()], cancellation);
        await installer.FetchWebPackages(repository.WebPackages, cancellation);
        if (!widgets) await NpmPackage.Widgets.Fetch(repository.WebPackages, cancellation);
        return python ?? await PythonFinder.WithNbClient(cancellation) ?? throw new CliException("nbclient was installed, but no Python here can import it.");
    }

    private static IEnumerable<string> Decks(Repository repository) =>
        Directory.Exists(repository.Output) ? Directory.GetFiles(repository.Output, "*.slides.html").Order(StringComparer.Ordinal) : [];
}
