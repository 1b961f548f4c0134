using System.CommandLine;
using SaeNotebooks.Features;
using SaeNotebooks.Harvest;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>merge</c>: makes an index of its shards.</summary>
internal static class MergeVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "folder of the index, as it was given to harvest", Required = true };
        var parts = new Option<string?>("--parts") { Description = "folder of the shards; OUT.parts by default" };
        var keep = new Option<bool>("--keep-parts") { Description = "leave the shards, for example to ask DuckDB or pandas about them" };
        var command = new Command("merge", "Make an index of its shards.") { output, parts, keep };
        command.SetAction((parsed, cancellation) =>
        {
            var folder = parsed.GetValue(output)!;
            var from = parsed.GetValue(parts) ?? Harvester.PartsOf(folder);
            IndexMerge.Run(from, folder, cancellation);
            if (!parsed.GetValue(keep)) Directory.Delete(from, recursive: true);
            Describe(folder);
            return Task.FromResult(0);
        });
        return command;
    }

    /// <summary>Says in a line or two what is in an index.</summary>
    public static void Describe(string folder)
    {
        using var index = FeatureIndex.Open(folder);
        var (bytes, entries) = (index.Header.Files.Values.Sum(), index.Header.Saes.Sum(s => s.Activations));
        AnsiConsole.MarkupLineInterpolated($"{index}");
        AnsiConsole.MarkupLineInterpolated($"{entries:N0} activations, {bytes >> 20:N0} MB, {(double)bytes / Math.Max(1, entries):N1} bytes each; wrote {Path.GetFullPath(folder)}");
    }
}
