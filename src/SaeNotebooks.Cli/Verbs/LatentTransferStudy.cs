using System.CommandLine;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Judging;
using SaeNotebooks.Translation.Study;
using SaeNotebooks.Translation.Transfer;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>study latent-transfer</c>: looks for the translation latents of one embedded model in a second one, and tests them there.</summary>
internal static class LatentTransferStudy
{
    private static readonly Option<string> From = new("--from") { Description = "the model whose translation latents are known, by study translation-switch", DefaultValueFactory = _ => "tiny" };
    private static readonly Option<string?> To = new("--to") { Description = "folder of the second model; artifacts/models/larger by default, which train-model --larger makes" };
    private static readonly Option<string?> Saes = new("--to-saes") { Description = "folder of its SAEs; artifacts/saes/NAME by default, which train-sae makes" };
    private static readonly Option<bool> Fast = new("--fast") { Description = "small numbers, to see whether everything runs" };
    private static readonly Option<string?> Output = new("--out") { Description = "folder for the report; data/studies/latent-transfer-NAME by default" };
    private static readonly Option<string?> Cache = new("--cache") { Description = "folder for finished parts; artifacts/studies/latent-transfer-NAME by default" };

    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var command = new Command("latent-transfer", "Match the verified translation latents of one embedded model with latents of a larger one, by activations and by logit weights, "
            + "ablate the matches there against controls, and write a report. Goes on where an interrupted run stopped.") { From, To, Saes, Fast, Output, Cache };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var root = Repository.Find().Root;
        var to = parsed.GetValue(To) ?? Path.Combine(root, "artifacts", "models", "larger");
        if (!Directory.Exists(to)) throw new CliException($"There is no second model in '{to}': make it with train-model --larger, or name another folder as --to.");
        using var first = Workbench.Open(parsed.GetValue(From)!, cancellation: cancellation);
        using var second = Workbench.Open(to, cancellation: cancellation);
        var name = $"latent-transfer-{first.Name}";
        var (output, cache) = (parsed.GetValue(Output) ?? DataFolder.Combine("studies", name), parsed.GetValue(Cache) ?? Path.Combine(root, "artifacts", "studies", name));
        try
        {
            var report = Measure(first, second, parsed.GetValue(Saes) ?? Path.Combine(root, "artifacts", "saes", second.Name), to, parsed.GetValue(Fast) ? TransferOptions.Fast : new(), cache, cancellation);
            TransferFiles.Write(output, report, MeasuredPage.Text(Path.Combine(output, "README.md"), $"# {TransferFiles.Title(report)}", TransferFiles.Markdown(report)));
            foreach (var finding in TransferFindings.Of(report)) AnsiConsole.MarkupLineInterpolated($"- {finding}");
            AnsiConsole.MarkupLineInterpolated($"wrote report.html, README.md, card.json and tables in {output}");
            return 0;
        }
        catch (ArgumentException e) { throw new CliException(e.Problem(), e); }
    }

    private static TransferReport Measure(Workbench first, Workbench second, string saes, string to, TransferOptions options, string cache, CancellationToken cancellation)
    {
        var known = CardFile.OfStudy<StudyReport>($"translation-switch-{first.Name}")
            ?? throw new CliException($"No latents of '{first.Name}' are verified yet; run study translation-switch --model {first.Name} first.");
        var corpus = new EmbeddedModelRecipe().Corpus();
        var from = new LatentSide(first.Name, first.Model, StudySaes.Of(first, null, null));
        var carried = WhereCarried.Of(new(second.Name, second.Model, new([], _ => throw new InvalidOperationException())), corpus, options, cache, cancellation);
        using var opened = OpenedSaes.In(saes);
        if (!opened.Saes.Hooks.Contains(Hooks.Hook.ResidPost(WhereCarried.Most(carried))))
            throw new CliException($"'{second.Name}' carries the task most after layer {WhereCarried.Most(carried)}, of which there is no SAE in '{saes}': make some with "
                + $"train-sae --model {to} --out {saes} --layers {Around(WhereCarried.Most(carried), second.Model.Config.NLayers)}");
        return TransferStudy.Run(new(from, new(second.Name, second.Model, opened.Saes), corpus, new CorpusTask(corpus, new AnswerJudge(corpus.Grammar), options.Seed), FoundLatents.Of(known)),
            carried, options, cache, cancellation);
    }

    /// <summary>A layer and its neighbours.</summary>
    private static string Around(int layer, int layers) => string.Join(',', new[] { layer - 1, layer, layer + 1 }.Where(l => l >= 0 && l < layers));
}
