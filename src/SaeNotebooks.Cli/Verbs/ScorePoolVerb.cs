using System.CommandLine;
using SaeNotebooks.Hooks;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Selection;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>score-pool</c>: perplexities and activations of chosen latents for every pair of a pool, by any model.</summary>
internal static class ScorePoolVerb
{
    private static readonly Option<string> Model = new("--model") { Description = "short name, folder or repository of the model that scores", Required = true };
    private static readonly Option<string> Pool = new("--pool") { Description = "UTF-8, a sentence, its translation and its COMET score a line, or the first two, with tabs between them", Required = true };
    private static readonly Option<string?> Target = new("--target") { Description = "code of the translations' language; by default that of the file's name, as in en2zh.txt" };
    private static readonly Option<string?> Named = new("--language-name") { Description = "what the prompt calls that language; its code by default, as in the authors' prompts" };
    private static readonly Option<string?> Latents = new("--latents") { Description = $"{LatentList.Form}; by default those that the literature names of the model" };
    private static readonly Option<string?> Saes = new("--sae") { Description = "RELEASE:ID of one layer's SAE, which stands for all layers of the release; by default the model's own" };
    private static readonly Option<bool> LayerBefore = new("--layer-before") { Description = "read latents one layer too early, as the authors' scorer does" };
    private static readonly Option<int?> MaxTokens = new("--max-tokens") { Description = "tokens of prompt and translation that are scored, at most; 512 by default, or the model's context where that is shorter" };
    private static readonly Option<string> Output = new("--out") { Description = "file for the scores; finished parts are kept beside it until it is whole", Required = true };

    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var command = new Command("score-pool", """
            Score a pool of translations for data selection (Wu et al. 2026): perplexity over prompt and translation (ppl) and over the translation alone (target_ppl), and the
            activations of latents at the last prompt token, as a JSON list in the layout of the authors' script. Goes on where an interrupted run stopped; select takes it from there.
            """.ReplaceLineEndings(" ")) { Model, Pool, Target, Named, Latents, Saes, LayerBefore, MaxTokens, Output };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var pool = PoolFile.Read(parsed.GetValue(Pool)!, parsed.GetValue(Target));
        AnsiConsole.MarkupLineInterpolated($"{pool.Summary}");
        using var bench = Workbench.Open(parsed.GetValue(Model)!, cancellation: cancellation);
        var latents = parsed.GetValue(Latents) is { } text ? LatentList.Parse("--latents", text) : Known(bench);
        var byLayer = latents.GroupBy(l => l.Layer, l => l.Latent).OrderBy(g => g.Key).ToList();
        var saes = StudySaes.Of(bench, parsed.GetValue(Saes), [.. byLayer.Select(g => g.Key)]);
        var output = parsed.GetValue(Output)!;
        var options = new PoolScoringOptions { LanguageName = parsed.GetValue(Named), MaxTokens = parsed.GetValue(MaxTokens) };
        ScoredPool scored;
        try
        {
            scored = saes.UseAll([.. byLayer.Select(g => Hook.ResidPost(g.Key))], opened => new PoolScoring(bench.Model,
                [.. byLayer.Zip(opened, (g, sae) => new ScoringLatents(sae, [.. g], parsed.GetValue(LayerBefore)))], options).Run(pool, output + ".parts", cancellation));
        }
        catch (ArgumentException e) { throw new CliException(e.Problem(), e); }
        Finish(scored, output);
        return 0;
    }

    private static void Finish(ScoredPool scored, string output)
    {
        if (scored.Pairs.Count == 0) throw new CliException($"No example could be scored: {scored.LeftOut[0]}.");
        ScoredPair.Write(output, scored.Pairs);
        if (Directory.Exists(output + ".parts")) Directory.Delete(output + ".parts", recursive: true);
        if (scored.LeftOut.Count > 0) AnsiConsole.MarkupLineInterpolated($"[yellow]{scored.LeftOut.Count} examples left out: {string.Join("; ", scored.LeftOut.Take(5))}{(scored.LeftOut.Count > 5 ? "; …" : ".")}[/]");
        if (scored.Cut > 0) AnsiConsole.MarkupLineInterpolated($"[yellow]{scored.Cut} translations were cut off where --max-tokens ends; their perplexities are of the rest.[/]");
        AnsiConsole.MarkupLineInterpolated($"wrote scores of {scored.Pairs.Count} examples to {output}");
    }

    private static IReadOnlyList<LatentId> Known(Workbench bench) =>
        bench.Known.Latents.Where(l => l.Hook.Point == HookPoint.ResidPost).Select(l => new LatentId(l.Hook.Layer, l.Latent)).ToList() is { Count: > 0 } known ? known
        : throw new CliException($"The literature names no latents of '{bench.Name}'; give --latents {LatentList.Form}.");
}
