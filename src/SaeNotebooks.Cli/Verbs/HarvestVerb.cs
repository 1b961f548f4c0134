using System.CommandLine;
using SaeNotebooks.Cli.Harvesting;
using SaeNotebooks.Harvest;
using SaeNotebooks.Harvest.Corpora;
using SaeNotebooks.Models;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>harvest</c>: makes an index of what latents do on a corpus, or one shard of it.</summary>
internal static class HarvestVerb
{
    private sealed record Work(string Model, IReadOnlyList<string> Saes, Func<CancellationToken, ICorpus> Corpus, HarvestPlan Plan, string Output, Shard? Shard);

    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var usual = new HarvestPlan();
        var model = new Option<string>("--model") { Description = "short name, folder or hub repository of the model", DefaultValueFactory = _ => "tiny" };
        var saes = new Option<string[]>("--sae") { Description = "file or folder of an SAE, release:id, or 'all' of the model's own; may be given several times", Required = true, AllowMultipleArgumentsPerToken = true };
        var corpus = new Option<string>("--corpus") { Description = $"text, .jsonl or .parquet file, a folder of them, hub:org/name, or '{CorpusToHarvest.Embedded}'", Required = true };
        var output = new Option<string>("--out") { Description = "folder of the index", Required = true };
        var shard = new Option<string?>("--shard") { Description = "i/n: harvest only this share, into OUT.parts; merge makes the index when all are done" };
        var key = new Option<string>("--key") { Description = "key or column of the text", DefaultValueFactory = _ => "text" };
        var files = new Option<string?>("--files") { Description = "which files of a hub dataset, such as data/train-*.parquet" };
        var documents = new Option<long?>("--documents") { Description = "documents at most; all by default" };
        var length = new Option<int?>("--length") { Description = "tokens that the model reads at once; its context by default" };
        var bos = new Option<bool>("--with-bos") { Description = "count the first token of each sequence too" };
        var norm = LongestNormOption.Create();
        var pass = CountOption.Create("--tokens-per-pass", "tokens of one forward pass, which bounds the memory", usual.TokensPerPass);
        var command = new Command("harvest", "Run a corpus through a model and SAEs, and index what every latent does.")
            { model, saes, corpus, output, shard, key, files, documents, length, bos, norm, pass };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(new(parsed.GetValue(model)!, parsed.GetValue(saes)!,
            stop => CorpusToHarvest.Open(parsed.GetValue(corpus)!, parsed.GetValue(files), parsed.GetValue(key)!, parsed.GetValue(documents), stop),
            usual with
            {
                Documents = parsed.GetValue(documents), Length = parsed.GetValue(length), TokensPerPass = parsed.GetValue(pass),
                Policy = new TokenPolicy { SkipFirst = !parsed.GetValue(bos), LongestNorm = parsed.GetValue(norm) },
            },
            parsed.GetValue(output)!, Parse(parsed.GetValue(shard))), cancellation)));
        return command;
    }

    private static int Run(Work work, CancellationToken cancellation)
    {
        using var bench = Workbench.Open(work.Model, cancellation: cancellation);
        var harvester = Prepare(bench, work, cancellation);
        if (work.Shard is { } shard)
        {
            var parts = Harvester.PartsOf(work.Output);
            harvester.Run(parts, shard, cancellation);
            AnsiConsole.MarkupLineInterpolated($"shard {shard} is in {parts}; when all {shard.Of} are, run: merge --out {work.Output}");
            return 0;
        }
        harvester.Index(work.Output, cancellation);
        MergeVerb.Describe(work.Output);
        return 0;
    }

    private static Harvester Prepare(Workbench bench, Work work, CancellationToken cancellation)
    {
        try { return new(bench.Model, bench.Name, SaesToHarvest.Load(bench, work.Saes), work.Corpus(cancellation), work.Plan); }
        catch (ArgumentException e) { throw new CliException(e.Problem(), e); }
    }

    private static Shard? Parse(string? text)
    {
        if (text is null) return null;
        try { return Shard.Parse(text); }
        catch (FormatException e) { throw new CliException(e.Message, e); }
    }
}
