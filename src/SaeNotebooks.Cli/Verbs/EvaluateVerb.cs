using System.CommandLine;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.SaeQuality;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>evaluate</c>: measures the embedded model and its SAEs and writes their cards.</summary>
internal static class EvaluateVerb
{
    private enum Part { All, Model, Saes }

    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var (model, sae) = (new ModelEvaluationOptions(), new SaeEvaluationOptions());
        var name = new Option<string>("--model") { Description = "short name or folder of the model", DefaultValueFactory = _ => "tiny" };
        var part = new Option<Part>("--part") { Description = "the model's card, the SAEs' card, or both", DefaultValueFactory = _ => Part.All };
        var prompts = CountOption.Create("--prompts", "translation prompts per language pair, for seen and held-out wordings each", model.PromptsPerCell);
        var tasks = CountOption.Create("--task-prompts", "prompts per other task, for seen and held-out wordings each", model.PromptsPerTask);
        var stories = CountOption.Create("--stories", "stories per language, for perplexity", model.Stories);
        var leak = CountOption.Create("--leak-documents", "training documents in which test sentences are looked for", model.LeakDocuments);
        var documents = CountOption.Create("--sae-documents", "documents on which the SAEs are measured", sae.Documents);
        var command = new Command("evaluate", "Measure the embedded model and its SAEs on held-out text, and write their cards.")
            { name, part, prompts, tasks, stories, leak, documents };
        command.SetAction((parsed, cancellation) => Task.FromResult(Evaluate(parsed.GetValue(name)!, parsed.GetValue(part),
            model with
            {
                PromptsPerCell = parsed.GetValue(prompts), PromptsPerTask = parsed.GetValue(tasks), Stories = parsed.GetValue(stories),
                LeakDocuments = parsed.GetValue(leak),
            },
            sae with { Documents = parsed.GetValue(documents) }, cancellation)));
        return command;
    }

    private static int Evaluate(string name, Part part, ModelEvaluationOptions model, SaeEvaluationOptions sae, CancellationToken cancellation)
    {
        using var bench = Workbench.Open(name);
        var corpus = new EmbeddedModelRecipe().Corpus();
        if (part != Part.Saes) EvaluateModel(bench, name, corpus, model, cancellation);
        if (part != Part.Model) EvaluateSaes(bench, corpus, sae, cancellation);
        return 0;
    }

    private static void EvaluateModel(Workbench bench, string name, EmbeddedCorpus corpus, ModelEvaluationOptions options, CancellationToken cancellation)
    {
        var card = ModelEvaluation.Run(bench.Model, bench.Name, corpus, options, new StepLines(), cancellation);
        Write(Reference.ToModel(name).Folder, $"# Model card: {bench.Name}", card, ModelCardMarkdown.Render(card));
    }

    private static void EvaluateSaes(Workbench bench, EmbeddedCorpus corpus, SaeEvaluationOptions options, CancellationToken cancellation)
    {
        if (bench.SaeHooks is []) throw new CliException($"'{bench.Name}' has no SAEs to measure; train them with train-sae, or choose --part model.");
        var cards = SaeEvaluation.Run(bench.Model, corpus, [.. bench.SaeHooks.Select(bench.Sae)], options, new StepLines(), cancellation);
        Write(DataFolder.Combine("saes", bench.Name), $"# SAE card: {bench.Name}", cards, SaeCardMarkdown.Render(cards));
    }

    private static void Write<T>(string folder, string title, T card, string markdown) where T : class
    {
        CardFile.Write(folder, card, MeasuredPage.Text(Path.Combine(folder, "README.md"), title, markdown));
        AnsiConsole.MarkupLineInterpolated($"wrote card.json and README.md in {folder}");
    }
}
