using System.CommandLine;
using SaeNotebooks.Training.Embedded;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>train-model</c>: trains the embedded model, from lexicon and grammar to a checkpoint folder.</summary>
internal static class TrainModelVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var larger = new Option<bool>("--larger") { Description = "train the second, larger model that latents are carried over to; it is not shipped" };
        var output = new Option<string?>("--out") { Description = "checkpoint folder to write; data/models/tiny by default, artifacts/models/larger with --larger" };
        var steps = new Option<int?>("--steps") { Description = "optimiser steps; the shipped model's number by default" };
        var stop = new Option<int?>("--stop-after") { Description = "end after this step and write the model as it is then: an early checkpoint of the same run" };
        var restart = new Option<bool>("--restart") { Description = "forget the checkpoints of an earlier run" };
        var command = new Command("train-model", "Train the embedded model; a killed run goes on from its last checkpoint.") { larger, output, steps, stop, restart };
        command.SetAction((parsed, cancellation) => Task.FromResult(
            Train(parsed.GetValue(larger), parsed.GetValue(output), parsed.GetValue(steps), parsed.GetValue(stop), parsed.GetValue(restart), cancellation)));
        return command;
    }

    private static int Train(bool larger, string? output, int? steps, int? stop, bool restart, CancellationToken cancellation)
    {
        var recipe = larger ? EmbeddedModelRecipe.Larger : new EmbeddedModelRecipe();
        output ??= larger ? Path.Combine(Repository.Find().Root, "artifacts", "models", "larger") : DataFolder.Combine("models", "tiny");
        if (steps is { } wanted) recipe = recipe with { Plan = recipe.Plan with { Steps = wanted } };
        var work = Path.Combine(Repository.Find().Root, "artifacts", "training", Path.GetFileName(Path.TrimEndingDirectorySeparator(output)));
        if (restart && Directory.Exists(work)) Directory.Delete(work, recursive: true);
        AnsiConsole.MarkupLineInterpolated($"{recipe.Shape.ParameterCount / 1e6:F1} M parameters, {recipe.Plan.Steps} steps; checkpoints in {work}");
        using var progress = Progress.Start("Training the language model", Math.Min(stop ?? int.MaxValue, recipe.Plan.Steps), "steps", cancellation: cancellation);
        var smooth = double.NaN;
        recipe.Train(DataFolder.Path, work, output, step =>
        {
            smooth = double.IsNaN(smooth) ? step.Loss : 0.98 * smooth + 0.02 * step.Loss;
            progress.Report(step.Step, $"loss {smooth:F3}, {step.TokensSeen / 1e6:F1} M tokens");
        }, stop ?? long.MaxValue, progress.Cancellation);
        AnsiConsole.MarkupLineInterpolated($"wrote {output}");
        return 0;
    }
}
