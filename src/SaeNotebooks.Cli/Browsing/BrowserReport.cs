using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace SaeNotebooks.Cli.Browsing;

/// <summary>Runs checks, prints a line for each, and keeps them for a file.</summary>
internal sealed class BrowserReport
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly JsonArray _checks = [];

    /// <summary>Whether every check passed.</summary>
    public bool IsClean { get; private set; } = true;

    /// <summary>Runs a check; what fails does not keep the others from running.</summary>
    public async Task Check(string name, Func<Task<BrowserChecks.Finding>> check)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var (said, timings) = await check();
            Add(name, true, said, clock.Elapsed, timings);
            AnsiConsole.MarkupLineInterpolated($"[green]ok[/]      {name}: {said} [grey]({clock.Elapsed.TotalSeconds:0} s)[/]");
        }
        catch (CliException e)
        {
            IsClean = false;
            Add(name, false, e.Message, clock.Elapsed, null);
            AnsiConsole.MarkupLineInterpolated($"[red]failed[/]  {name}: {e.Message}");
        }
    }

    /// <summary>Says that a front end is not checked, and why.</summary>
    public void Skip(string name, string reason)
    {
        _checks.Add(new JsonObject { ["name"] = name, ["skipped"] = reason });
        AnsiConsole.MarkupLineInterpolated($"[yellow]not run[/] {name}: {reason}");
    }

    /// <summary>Writes every check as JSON.</summary>
    public void Write(string file) => AtomicFile.Write(file, _checks.ToJsonString(Readable) + "\n");

    private void Add(string name, bool passed, string said, TimeSpan time, ControlTimings? timings)
    {
        var check = new JsonObject { ["name"] = name, ["passed"] = passed, ["seconds"] = Math.Round(time.TotalSeconds, 1), ["said"] = said };
        if (timings is not null)
            check["ms"] = new JsonObject
            {
                ["key to changed chart"] = Times(timings.Seen), ["key to a chart that can be worked with"] = Times(timings.Live), ["bare question to the kernel"] = Times(timings.RoundTrips),
            };
        _checks.Add(check);
    }

    private static JsonObject Times(IReadOnlyList<double> times) => new()
    {
        ["median"] = Math.Round(ControlTimings.Median(times), 1), ["most"] = Math.Round(times.Max(), 1), ["all"] = new JsonArray([.. times.Select(ms => (JsonNode)Math.Round(ms, 1))]),
    };
}
