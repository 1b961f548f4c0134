using System.CommandLine;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Selection;
using SaeNotebooks.Translation.Switch;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>study data-selection</c>: trains an early checkpoint on parts of a noisy pool, chosen in several ways, and writes a report.</summary>
internal static class DataSelectionStudy
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var usual = new SelectionOptions();
        var model = new Option<string>("--model") { Description = "the checkpoint that is trained on; an early one: train-model --stop-after 1000 --out artifacts/models/tiny-early", Required = true };
        var scorer = new Option<string>("--scorer") { Description = "the model that scores examples, with SAEs", DefaultValueFactory = _ => "tiny" };
        var latents = new Option<string?>("--latents") { Description = $"{LatentList.Form}; of one layer, by default those that the switch study of the scorer has chosen" };
        var before = new Option<bool>("--layer-before") { Description = "read latents one layer too early, as the authors' scorer does" };
        var lora = new Option<bool>("--lora") { Description = "train low-rank adapters in place of all weights" };
        var output = new Option<string?>("--out") { Description = "folder for the report; data/studies/selection-NAME by default" };
        var seeds = new Option<int>("--seeds") { Description = "seeds", DefaultValueFactory = _ => usual.Seeds };
        var pool = new Option<int>("--pool") { Description = "examples in a pool", DefaultValueFactory = _ => usual.PoolSize };
        var steps = new Option<int>("--steps") { Description = "training steps of a run", DefaultValueFactory = _ => usual.FineTuning.Steps };
        var tests = new Option<int>("--test-prompts") { Description = "held-out prompts on which a run is measured, twice", DefaultValueFactory = _ => usual.TestPrompts };
        var strategies = new Option<Strategy[]>("--strategies") { Description = "what is compared", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [.. usual.Strategies] };
        var command = new Command("data-selection", "Train an early checkpoint on parts of a noisy pool that quality, loss or latents select, and write a report; resumes.")
            { model, scorer, latents, before, lora, output, seeds, pool, steps, tests, strategies };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed.GetValue(model)!, parsed.GetValue(scorer)!, parsed.GetValue(latents), parsed.GetValue(before),
            parsed.GetValue(output), usual with
            {
                Seeds = parsed.GetValue(seeds), PoolSize = parsed.GetValue(pool), TestPrompts = parsed.GetValue(tests), Strategies = parsed.GetValue(strategies)!,
                FineTuning = usual.FineTuning with { Steps = parsed.GetValue(steps), Lora = parsed.GetValue(lora) ? new() : null, Rate = parsed.GetValue(lora) ? 3e-3 : usual.FineTuning.Rate },
            }, cancellation)));
        return command;
    }

    private static int Run(string model, string scorer, string? latents, bool before, string? output, SelectionOptions options, CancellationToken cancellation)
    {
        var tuned = Reference.ToModel(model, cancellation);
        using var bench = Workbench.Open(scorer, cancellation: cancellation);
        var (layer, chosen) = latents is null ? Found(bench.Name) : OneLayer(latents);
        var scoring = new ScoringLatents(bench.Sae(Hooks.Hook.ResidPost(layer)), chosen, before);
        SelectionExperiment experiment;
        try { experiment = new(tuned.Folder, bench.Model, scoring, new EmbeddedModelRecipe().Corpus(), options, Path.Combine(Repository.Find().Root, "artifacts", "selection")); }
        catch (ArgumentException e) { throw new CliException(e.Problem(), e); }
        var report = experiment.Run($"{bench.Name}, layer {layer}, latents {string.Join(", ", chosen)}{(before ? ", read one layer early" : "")}", cancellation);
        output ??= DataFolder.Combine("studies", $"selection-{tuned.Name}");
        CardFile.Write(output, report, MeasuredPage.Text(Path.Combine(output, "README.md"), $"# Selecting data for {tuned.Name}", SelectionMarkdown.Render(report)));
        AnsiConsole.MarkupLineInterpolated($"wrote card.json and README.md in {output}");
        return 0;
    }

    /// <summary>The latents that the switch study has chosen.</summary>
    private static (int Layer, IReadOnlyList<int> Latents) Found(string name)
    {
        var report = CardFile.OfStudy<SwitchReport>($"switch-{name}")
            ?? throw new CliException($"There is no study switch-{name} to take latents from; run `switch --model {name}`, or give --latents layer:latent,latent.");
        return report.Layer is { } layer ? (layer, [.. report.Latents.Select(l => l.Latent)])
            : throw new CliException($"The study switch-{name} chose no latents; give --latents layer:latent,latent.");
    }

    private static (int, IReadOnlyList<int>) OneLayer(string text)
    {
        var layers = LatentList.Parse("--latents", text).GroupBy(l => l.Layer, l => l.Latent).ToList();
        return layers is [var only] ? (only.Key, [.. only]) : throw new CliException($"--latents names latents of layers {string.Join(", ", layers.Select(l => l.Key))}; this study scores with those of one.");
    }
}
