using System.CommandLine;
using SaeNotebooks.Training.Embedded;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>train-sae</c>: trains an SAE on the residual stream after each layer of an embedded model, or after some.</summary>
internal static class TrainSaeVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "short name or folder of the model", DefaultValueFactory = _ => "tiny" };
        var output = new Option<string?>("--out") { Description = "folder for the SAEs; data/saes/NAME by default" };
        var layers = new Option<string?>("--layers") { Description = "only after these layers, such as 4,5,6" };
        var steps = new Option<int?>("--steps") { Description = "optimiser steps; the shipped SAEs' number by default" };
        var restart = new Option<bool>("--restart") { Description = "forget the checkpoints of an earlier run" };
        var command = new Command("train-sae", "Train the SAEs of the embedded model; a killed run goes on from its last checkpoint.") { model, output, layers, steps, restart };
        command.SetAction((parsed, cancellation) => Task.FromResult(
            Train(parsed.GetValue(model)!, parsed.GetValue(output), LayerList.Parse(parsed.GetValue(layers)), parsed.GetValue(steps), parsed.GetValue(restart), cancellation)));
        return command;
    }

    private static int Train(string modelName, string? output, int[]? layers, int? steps, bool restart, CancellationToken cancellation)
    {
        var model = Reference.ToModel(modelName);
        output ??= DataFolder.Combine("saes", model.Name);
        var recipe = new EmbeddedSaeRecipe { Layers = layers };
        if (steps is { } wanted) recipe = recipe with { Plan = recipe.Plan with { Steps = wanted } };
        var work = Path.Combine(Repository.Find().Root, "artifacts", "training", model.Name);
        Directory.CreateDirectory(work);
        if (restart) File.Delete(Path.Combine(work, EmbeddedSaeRecipe.CheckpointName));
        try { recipe.Train(DataFolder.Path, model.Folder, work, output, cancellation); }
        catch (ArgumentException e) { throw new CliException(e.Message, e); }
        AnsiConsole.MarkupLineInterpolated($"wrote {output}");
        return 0;
    }
}
