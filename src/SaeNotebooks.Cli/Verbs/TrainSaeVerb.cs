using System.CommandLine;
using SaeNotebooks.Training.Embedded;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>train-sae</c>: trains an SAE on the residual stream after every layer of the embedded model.</summary>
internal static class TrainSaeVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "short name or folder of the model", DefaultValueFactory = _ => "tiny" };
        var output = new Option<string?>("--out") { Description = "folder for the SAEs; data/saes/NAME by default" };
        var rounds = new Option<int?>("--rounds") { Description = "rounds of harvesting and learning; the shipped SAEs' number by default" };
        var restart = new Option<bool>("--restart") { Description = "forget the checkpoints of an earlier run" };
        var command = new Command("train-sae", "Train the SAEs of the embedded model; a killed run goes on from its last round.") { model, output, rounds, restart };
        command.SetAction((parsed, cancellation) => Task.FromResult(
            Train(parsed.GetValue(model)!, parsed.GetValue(output), parsed.GetValue(rounds), parsed.GetValue(restart), cancellation)));
        return command;
    }

    private static int Train(string modelName, string? output, int? rounds, bool restart, CancellationToken cancellation)
    {
        var model = Reference.ToModel(modelName);
        output ??= DataFolder.Combine("saes", model.Name);
        var recipe = new EmbeddedSaeRecipe();
        if (rounds is { } wanted) recipe = recipe with { Plan = recipe.Plan with { Rounds = wanted } };
        var work = Path.Combine(Repository.Find().Root, "artifacts", "training", model.Name);
        if (restart) File.Delete(Path.Combine(work, "saes.safetensors"));
        using var progress = Progress.Start("Training the SAEs", recipe.Plan.Rounds, "rounds", cancellation: cancellation);
        recipe.Train(DataFolder.Path, model.Folder, work, output, round =>
            progress.Report(round.Round, "variance explained " + string.Join(' ', round.VarianceExplained.Select(v => v.ToString("F3"))) +
                $", dead {round.Dead.Average():P1}"), progress.Cancellation);
        AnsiConsole.MarkupLineInterpolated($"wrote {output}");
        return 0;
    }
}
