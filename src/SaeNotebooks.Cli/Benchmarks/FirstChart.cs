using System.Diagnostics;
using SaeNotebooks.Figures;
using SaeNotebooks.Hooks;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>
/// Cold start: from the start of a fresh process to the HTML of its first chart, with runtime, native libraries, model, one forward
/// pass and the chart plug-in loaded on the way. A notebook waits for this and for its kernel to compile the cells.
/// </summary>
internal static class FirstChart
{
    /// <summary>The option by which this program runs as that fresh process.</summary>
    public const string Option = "--draw-first-chart";

    private const string Drawn = "drawn";

    /// <summary>Opens the model, draws the norms of its residual stream and says so on the standard output.</summary>
    /// <param name="model">short name or folder</param>
    public static void Draw(string model)
    {
        using var bench = Workbench.Open(model);
        var residuals = HookSet.EachLayer(bench.Model.Config.NLayers, Hook.ResidPost);
        using var run = bench.Model.Run(new[] { 0, 1, 2, 3 }, residuals);
        float[] norms = [.. residuals.Select(hook =>
        {
            using var norm = run[hook].norm();
            return norm.item<float>();
        })];
        var html = Chart.Line("Norms of the residual stream", "layer", "norm (L2)", ("four tokens", norms)).ToHtml();
        Console.WriteLine($"{Drawn} {html.Length}");
    }

    /// <summary>Seconds that it takes, in processes of their own one after the other.</summary>
    /// <param name="model">short name or folder</param>
    /// <param name="runs">how many processes</param>
    /// <param name="cancellation">ends the process under way</param>
    /// <exception cref="CliException">a process failed</exception>
    public static async Task<IReadOnlyList<double>> Seconds(string model, int runs, CancellationToken cancellation)
    {
        var seconds = new double[runs];
        for (var run = 0; run < runs; run++) seconds[run] = await Once(model, cancellation);
        return seconds;
    }

    private static async Task<double> Once(string model, CancellationToken cancellation)
    {
        double? drawn = null;
        var clock = Stopwatch.StartNew();
        var result = await ChildProcess.RunSelf(["bench", model, Option],
            line => drawn ??= line.StartsWith(Drawn, StringComparison.Ordinal) ? clock.Elapsed.TotalSeconds : null, cancellation);
        return drawn ?? throw new CliException($"The first chart was not drawn: {result.LastLine}");
    }
}
