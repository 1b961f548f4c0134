using SaeNotebooks.Cli.Setup;

namespace SaeNotebooks.Cli.Export;

/// <summary>Prints slides to PDF with a headless Chromium.</summary>
internal static class SlidePrinter
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"];

    /// <summary>What is missing to print: nothing, or a browser.</summary>
    public static IReadOnlyList<Requirement> Missing() => Browser() is null ? [Requirement.Chromium] : [];

    /// <summary>Prints a deck beside itself, a page per slide.</summary>
    /// <param name="deck">the deck's HTML file</param>
    /// <param name="cancellation">ends the browser</param>
    /// <returns>the PDF's path</returns>
    /// <exception cref="CliException">there is no browser, or it wrote nothing</exception>
    public static async Task<string> Print(string deck, CancellationToken cancellation)
    {
        var browser = Browser() ?? throw new CliException($"No Chromium was found on the PATH (looked for {string.Join(", ", Names)}).");
        var pdf = Path.ChangeExtension(deck, ".pdf");
        var partial = $"{pdf}.{Environment.ProcessId}.partial";
        var profile = Directory.CreateTempSubdirectory("slides-").FullName;
        try
        {
            var result = await ChildProcess.Run(browser,
            [
                "--headless", "--disable-gpu", "--no-first-run", $"--user-data-dir={profile}", .. OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? ["--no-sandbox"] : Array.Empty<string>(),
                "--virtual-time-budget=30000", "--no-pdf-header-footer", $"--print-to-pdf={Path.GetFullPath(partial)}", new Uri(Path.GetFullPath(deck)).AbsoluteUri + "?print-pdf",
            ], cancellation: cancellation);
            if (!File.Exists(partial)) throw new CliException($"{Path.GetFileName(browser)} could not print '{deck}': {result.LastLine}");
            File.Move(partial, pdf, overwrite: true);
            return pdf;
        }
        finally
        {
            File.Delete(partial);
            Directory.Delete(profile, recursive: true);
        }
    }

    /// <summary>The first browser on the PATH; null if there is none.</summary>
    internal static string? Browser() => Names.Select(Executables.Find).FirstOrDefault(path => path is not null);
}
