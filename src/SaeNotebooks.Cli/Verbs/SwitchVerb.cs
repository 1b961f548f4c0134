using System.CommandLine;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Switch;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>switch</c>: looks for the translation switch of the embedded model and writes the report.</summary>
internal static class SwitchVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var usual = new SwitchOptions();
        var name = new Option<string>("--model") { Description = "short name or folder of the model", DefaultValueFactory = _ => "tiny" };
        var output = new Option<string?>("--out") { Description = "folder for the report; data/studies/switch-NAME by default" };
        var fast = new Option<bool>("--fast") { Description = "the small numbers of the notebook, with wide intervals; overrides the counts" };
        var patch = CountOption.Create("--patch-cases", "cases per kind of receiver in the patching experiment", usual.PatchCases);
        var discovery = CountOption.Create("--discovery-prompts", "translation prompts, and as many others, on which latents are found", usual.DiscoveryPrompts);
        var test = CountOption.Create("--test-prompts", "fresh prompts on which the chosen latents are measured", usual.TestPrompts);
        var chosen = CountOption.Create("--latents", "latents chosen in the end", usual.Chosen);
        var draws = CountOption.Create("--control-draws", "draws of matched random latents", usual.ControlDraws);
        var command = new Command("switch", "Look for the latents that make the embedded model translate, ablate and amplify them, and write a report.")
            { name, output, fast, patch, discovery, test, chosen, draws };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed.GetValue(name)!, parsed.GetValue(output),
            parsed.GetValue(fast) ? SwitchOptions.Fast : usual with
            {
                PatchCases = parsed.GetValue(patch), DiscoveryPrompts = parsed.GetValue(discovery), TestPrompts = parsed.GetValue(test),
                Chosen = parsed.GetValue(chosen), ControlDraws = parsed.GetValue(draws),
            }, cancellation)));
        return command;
    }

    private static int Run(string name, string? output, SwitchOptions options, CancellationToken cancellation)
    {
        using var bench = Workbench.Open(name);
        output ??= DataFolder.Combine("studies", $"switch-{bench.Name}");
        if (bench.SaeHooks is []) AnsiConsole.MarkupLineInterpolated($"[yellow]'{bench.Name}' has no SAEs: patching only[/]");
        var report = SwitchExperiment.Run(bench.Model, bench.Name, new EmbeddedModelRecipe().Corpus(), [.. bench.SaeHooks.Select(bench.Sae)], options,
            new StepLines(), cancellation);
        CardFile.Write(output, report, MeasuredPage.Text(Path.Combine(output, "README.md"), $"# The translation switch of {bench.Name}", SwitchMarkdown.Render(report)));
        AnsiConsole.MarkupLineInterpolated($"wrote card.json and README.md in {output}");
        return 0;
    }
}
