using System.CommandLine;
using SaeNotebooks.Features;
using SaeNotebooks.Features.Dashboards;
using SaeNotebooks.Features.Interpretation;
using SaeNotebooks.Features.Neuronpedia;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>dashboards</c>: writes the latents of an index as a static site, or as Neuronpedia's records.</summary>
internal static class DashboardsVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var index = new IndexArguments();
        var latents = new Option<string?>("--latents") { Description = "which, for example 3,17,400-420; all by default" };
        var output = new Option<string>("--out") { Description = "folder of the site, or with --neuronpedia of the records; one for each SAE in it if there are several", Required = true };
        var records = new Option<bool>("--neuronpedia") { Description = "write Neuronpedia's records, a compressed file of JSON lines, instead of a site" };
        var source = new Option<string?>("--source") { Description = "Neuronpedia's names of model and SAE, such as gpt2-small/8-res-jb, for links and records; by default those of the release, if known" };
        var command = new Command("dashboards", "Write a page for each latent of an index that opens from disk, or Neuronpedia's records.") { latents, output, records, source };
        index.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var which = IndexArguments.Latents(parsed.GetValue(latents));
            index.ForEach(parsed, sae => Write(sae, which, parsed.GetValue(output)!, parsed.GetValue(records), parsed.GetValue(source), cancellation), cancellation);
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Write(SaeIndex index, IReadOnlyList<int>? latents, string folder, bool asRecords, string? source, CancellationToken cancellation)
    {
        IndexArguments.Require(index, latents);
        var target = Path.Combine(folder, index.Name);
        try
        {
            var labels = LatentLabels.FindOrMake(index, cancellation);
            if (asRecords)
            {
                NeuronpediaExport.Write(index, target += ".jsonl.gz", latents, source, new() { Labels = labels, Top = 20, Bins = 50, Rows = 10 }, cancellation);
                AnsiConsole.MarkupLineInterpolated($"wrote {target}");
                return;
            }
            Dashboard.Export(index, target, latents, new() { Labels = labels, NeuronpediaSource = source }, cancellation);
            AnsiConsole.MarkupLineInterpolated($"wrote {Path.GetFullPath(Path.Combine(target, "index.html"))}; open it in any browser");
        }
        catch (ArgumentException e) { throw new CliException(e.Problem(), e); }
    }
}
