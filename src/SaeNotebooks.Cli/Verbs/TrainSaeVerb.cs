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
        var steps = new Option<int?>("--steps") { Description = "optimiser steps; the shipped SAEs' number by default" };
        var restart = new Option<bool>("--restart") { Description = "forget the checkpoints of an earlier run" };
        var command = new Command("train-sae", "Train the SAEs of the embedded model; a killed run goes on from its last checkpoint.") { model, output, steps, restart };
        command.SetAction((parsed, cancellation) => Task.FromResult(
            Train(parsed.GetValue(model)!, parsed.GetValue(output), parsed.GetValue(steps), parsed.GetValue(restart), cancellation)));
        return command;
    }

    private static int Train(string modelName, string? output, int? steps, bool restart, CancellationToken cancellation)
    {
        var model = Reference.ToModel(modelName);
        output ??= DataFolder.Combine("saes", model.Name);
        var recipe = new EmbeddedSaeRecipe();
        if (steps is { } wanted) recipe = recipe with { Plan = recipe.Plan with { Steps = wanted } };
        var work = Path.Combine(Repository.Find().Root, "artifacts", "training", model.Name);
        Directory.CreateDirectory(work);
        if (restart) File.Delete(Path.Combine(work, "saes.safetensors"));
        recipe.Train(DataFolder.Path, model.Folder, work, output, cancellation);
        AnsiConsole.MarkupLineInterpolated($"wrote {output}");
        return 0;
    }
}
