using System.Diagnostics;
using SaeNotebooks.Cli.Export;
using Spectre.Console;

namespace SaeNotebooks.Cli.Setup;

/// <summary>Brings a machine to the state a verb needs, or says what the person has to do.</summary>
/// <param name="console">where progress goes, a line for each step</param>
internal sealed class Installer(IAnsiConsole console)
{
    /// <summary>Installs what is missing.</summary>
    /// <exception cref="CliException">this process cannot install it; the message says what to type</exception>
    public async Task Ensure(IReadOnlyList<Requirement> missing, CancellationToken cancellation)
    {
        var plan = InstallPlan.For(MachineKind.Current(), missing);
        if (plan.Instructions.Length > 0) throw new CliException(plan.Instructions);
        if (plan.AptPackages.Count == 0) return;

        foreach (var requirement in plan.Missing) console.MarkupLineInterpolated($"missing: {requirement.Name}, {requirement.Purpose}");
        await Apt("apt-get update", ["update", "-q"], cancellation);
        await Apt($"apt-get install {string.Join(' ', plan.AptPackages)}",
            ["install", "-q", "-y", "--no-install-recommends", .. plan.AptPackages], cancellation);
    }

    /// <summary>What is missing to fetch JavaScript packages; nothing once they are cached.</summary>
    public static IReadOnlyList<Requirement> MissingFor(IEnumerable<NpmPackage> packages, string cache) =>
        Executables.Find("npm") is null && packages.Any(p => !p.IsCached(cache)) ? [Requirement.Npm] : [];

    /// <summary>Fetches the JavaScript packages that the cache lacks.</summary>
    public async Task Fetch(IEnumerable<NpmPackage> packages, string cache, CancellationToken cancellation)
    {
        foreach (var package in packages.Where(p => !p.IsCached(cache)))
        {
            await package.Fetch(cache, cancellation);
            console.MarkupLineInterpolated($"fetched {package.Name} {package.Version}");
        }
    }

    private async Task Apt(string title, string[] arguments, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var shown = TimeSpan.Zero;
        var (unpacked, done) = (0, 0);
        console.MarkupLineInterpolated($"{title} …");
        var environment = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" };
        var result = await ChildProcess.Run("apt-get", arguments, line =>
        {
            if (line.StartsWith("Unpacking ", StringComparison.Ordinal)) unpacked++;
            if (line.StartsWith("Setting up ", StringComparison.Ordinal)) done++;
            if (clock.Elapsed - shown < TimeSpan.FromSeconds(10)) return;
            shown = clock.Elapsed;
            console.MarkupLineInterpolated($"[grey]  {shown.TotalSeconds,4:0} s  {(unpacked > 0 ? $"{unpacked} packages unpacked, {done} set up" : line)}[/]");
        }, environment, cancellation: cancellation);
        if (result.ExitCode != 0) throw new CliException($"'{title}' failed: {result.LastLine}");
        console.MarkupLineInterpolated($"{title}: {clock.Elapsed.TotalSeconds:0} s{(done > 0 ? $", {done} packages" : "")}");
    }
}
