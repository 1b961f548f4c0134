using System.CommandLine;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Cli.Verifying;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Formats;
using SaeNotebooks.Training.Evaluation;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>convert</c>: writes an SAE of any format in SAELens's, alone or as a folder for HuggingFace.</summary>
internal static class ConvertVerb
{
    private enum To { SaeLens, Hub }

    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var sae = new SaeArguments();
        var to = new Option<To>("--to") { Description = "saelens, a folder that SAELens opens; or hub, one for HuggingFace with a card", DefaultValueFactory = _ => To.SaeLens };
        var output = new Option<string>("--out") { Description = "folder to write", Required = true };
        var command = new Command("convert", "Write an SAE of any format so that SAELens opens it.") { to, output };
        sae.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            onlyForNumbers => sae.Load(parsed, onlyForNumbers, cancellation), loaded => Facts(Cards.Of(sae.Reference(parsed), loaded)), parsed.GetValue(to), parsed.GetValue(output)!)));
        return command;
    }

    /// <summary>What the card says of measurements: what is published of the SAE, or its own card says.</summary>
    private static SaeCardFacts Facts(PublishedFigures? known)
    {
        if (known is null) return new();
        (string Name, double? Value)[] figures =
        [
            ("L0", known.L0), ("fraction of variance explained", known.Fve), ("cross-entropy of the model, nats", known.CleanLoss),
            ("cross-entropy with the reconstruction, nats", known.SplicedLoss), ("share of the loss recovered from zero ablation", known.Recovered), ("dead latents", known.Dead),
        ];
        return new() { Measured = [.. figures.Where(f => f.Value is not null).Select(f => (f.Name, f.Value!.Value))], MeasuredOn = $"{(known.Measured.StartsWith("on ", StringComparison.Ordinal) ? known.Measured[3..] : known.Measured)}." };
    }

    private static int Run(Func<bool, Sae> load, Func<Sae, SaeCardFacts> facts, To to, string output)
    {
        if (File.Exists(output)) throw new CliException($"--out {output} is a file; name a folder.");
        var (sae, withoutHook) = Load(load, to);
        using (sae)
        {
            try
            {
                if (to == To.Hub) HubFolder.Write(sae, output, facts(sae));
                else SaeLensFormat.Save(sae, output, namesHook: withoutHook is null);
            }
            catch (ArgumentException e) { throw new CliException(e.Problem(), e); }
            AnsiConsole.MarkupLineInterpolated($"{(withoutHook is null ? sae.ToString() : $"{sae.Activation.Architecture} SAE")}: wrote {output}");
            if (withoutHook is not null) AnsiConsole.MarkupLineInterpolated($"[yellow]hook_name is left empty: {withoutHook}[/]");
        }
        return 0;
    }

    /// <summary>An SAE whose hook nobody knows is converted all the same; a folder for HuggingFace is named after the hook, and has to have one.</summary>
    /// <returns>the SAE, and why its hook is not known; null if it is</returns>
    private static (Sae Sae, string? WithoutHook) Load(Func<bool, Sae> load, To to)
    {
        try { return (load(false), null); }
        catch (CheckpointException e) when (e.Item == "hook" && to == To.SaeLens) { return (load(true), e.Message); }
    }
}
