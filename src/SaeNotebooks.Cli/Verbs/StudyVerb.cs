using System.CommandLine;
using System.Globalization;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Study;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>study translation-switch</c>: all stages of the study on one model, and its report.</summary>
internal static class StudyVerb
{
    private enum RecallRules { Paper, Code }

    private static readonly SentenceArguments Sentences = new();
    private static readonly Option<string> Model = new("--model") { Description = "short name, folder or repository of the model", DefaultValueFactory = _ => "tiny" };
    private static readonly Option<string?> Saes = new("--sae") { Description = "RELEASE:ID of one layer's SAE, which stands for all layers of the release; by default the model's own" };
    private static readonly Option<string?> Layers = new("--layers") { Description = "only these layers, such as 10,12,13" };
    private static readonly Option<bool> Newline = new("--keep-newline") { Description = "end references with the line break that the authors' code leaves on them; --recall Code alone reads references" };
    private static readonly Option<RecallRules> Recall = new("--recall") { Description = "the paper's rule (active at any of three positions in at least 60 % of the samples) or the authors' code's", DefaultValueFactory = _ => RecallRules.Paper };
    private static readonly Option<double?> MinActivation = new("--min-activation") { Description = "least mean activation of recalled latents; the code has 10 for Gemma 2, 1 for Llama 3.2 1B, 0.4 for Llama 3 8B" };
    private static readonly Option<string?> Factors = new("--factors") { Description = "by what latents are multiplied; 0,3 by default, 0 first" };
    private static readonly Option<int?> Prompts = new("--prompts-per-pair") { Description = "held-out prompts per language pair in generation" };
    private static readonly Option<bool> Fast = new("--fast") { Description = "small numbers, to see whether everything runs" };
    private static readonly Option<bool> Full = new("--full") { Description = "every recalled latent goes on to generation, not the best twenty alone; may run for hours" };
    private static readonly Option<string?> Output = new("--out") { Description = "folder for the report; data/studies/translation-switch-NAME by default" };
    private static readonly Option<string?> Cache = new("--cache") { Description = "folder for finished parts; artifacts/studies/translation-switch-NAME by default" };

    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var translation = new Command("translation-switch", "Find, verify and test latents that make a model translate (Wu et al. 2026), and write tables, charts and a page. Goes on where an interrupted run stopped.")
            { Model, Saes, Layers, Newline, Recall, MinActivation, Factors, Prompts, Fast, Full, Output, Cache };
        Sentences.AddTo(translation);
        translation.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return new Command("study", "Experiments of several stages with a report.") { translation, DataSelectionStudy.Create(), LatentTransferStudy.Create() };
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var bench = Workbench.Open(parsed.GetValue(Model)!, cancellation: cancellation);
        var name = $"translation-switch-{bench.Name}";
        var output = parsed.GetValue(Output) ?? DataFolder.Combine("studies", name);
        var cache = parsed.GetValue(Cache) ?? Path.Combine(Repository.Find().Root, "artifacts", "studies", name);
        var subject = new StudySubject(bench.Name, bench.Model, StudySaes.Of(bench, parsed.GetValue(Saes), LayerList.Parse(parsed.GetValue(Layers))), Sentences.Task(parsed, bench));
        var literature = Literature.Load();
        StudyReport report;
        try { report = TranslationSwitchStudy.Run(subject, OptionsOf(parsed), cache, cancellation); }
        catch (ArgumentException e) { throw new CliException(e.Problem(), e); }
        StudyFiles.Write(output, report, literature,
            MeasuredPage.Text(Path.Combine(output, "README.md"), $"# The translation switch in {bench.Name}", StudyFiles.Markdown(report, literature)));
        foreach (var finding in StudyVerdict.Of(report)) AnsiConsole.MarkupLineInterpolated($"- {finding}");
        AnsiConsole.MarkupLineInterpolated($"wrote report.html, README.md, card.json and tables in {output}");
        return 0;
    }

    private static StudyOptions OptionsOf(ParseResult parsed)
    {
        var options = parsed.GetValue(Fast) ? StudyOptions.Fast : new StudyOptions();
        var recall = parsed.GetValue(Recall) == RecallRules.Code ? RecallOptions.Code(parsed.GetValue(MinActivation) ?? 0) : RecallOptions.Paper;
        return options with
        {
            Recall = recall with { MinActivation = parsed.GetValue(MinActivation) ?? recall.MinActivation, Positions = recall.Positions with { KeepNewline = parsed.GetValue(Newline) } },
            Full = parsed.GetValue(Full),
            PromptsPerPair = parsed.GetValue(Prompts) ?? options.PromptsPerPair,
            Screening = parsed.GetValue(Factors) is { } factors ? options.Screening with { Factors = Numbers(factors, "--factors") } : options.Screening,
        };
    }

    private static double[] Numbers(string text, string option) =>
        [.. text.Split(',').Select(t => double.TryParse(t, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
            : throw new CliException($"{option} takes numbers with commas between them, not '{text}'."))];
}
