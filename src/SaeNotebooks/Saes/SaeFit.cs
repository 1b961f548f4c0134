using System.Text.RegularExpressions;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;

namespace SaeNotebooks.Saes;

/// <summary>Whether an SAE belongs on a model. Variants of one architecture, such as a base model's SAE on the instruction-tuned model, do.</summary>
public static partial class SaeFit
{
    /// <summary>Compares hook, width and model.</summary>
    /// <param name="sae">the SAE</param>
    /// <param name="model">the model's dimensions</param>
    /// <param name="modelName">the model's name, or its folder</param>
    /// <param name="evenIfUnfit">an SAE of another model of the same width is let pass, with the refusal as the note</param>
    /// <returns>a line for the reader where it was trained on another variant of the model; null where it fits</returns>
    /// <exception cref="ArgumentException">the model has no such layer, another width, or is of another family</exception>
    public static string? Check(Sae sae, ModelConfig model, string modelName, bool evenIfUnfit = false)
    {
        RequireHook(sae.Config.Hook, sae.InputWidth, "reads", model, modelName);
        if (sae.Config.OutputHook is { } output) RequireHook(output, sae.OutputWidth, "predicts", model, modelName);
        var trainedOn = sae.Config.ModelName;
        if (Stem(trainedOn) == Stem(modelName)) return null;
        var note = $"The SAE at {sae.Config.Hook} was trained on {trainedOn} and is used on {modelName}.";
        if (evenIfUnfit || Words(trainedOn).Overlaps(Words(modelName)) || Words(trainedOn).Count == 0 || trainedOn == SaeConfig.UnknownModel) return note;
        throw new ArgumentException($"{note} These are models of different families; if that is meant, say so (evenIfUnfit, or --even-if-unfit).");
    }

    private static void RequireHook(HookName hook, int width, string does, ModelConfig model, string modelName)
    {
        if (hook.IsInBlock && hook.Layer >= model.NLayers)
            throw new ArgumentException($"The SAE {does} {hook}, but {modelName} has layers 0 to {model.NLayers - 1}.");
        if (Width(hook.Point, model) is { } expected && expected != width)
            throw new ArgumentException($"The SAE {does} {width} numbers at {hook}, where {modelName} has {expected}.");
    }

    private static int? Width(HookPoint point, ModelConfig model) => point switch
    {
        HookPoint.Z or HookPoint.Q or HookPoint.RotQ => model.NHeads * model.DHead,
        HookPoint.K or HookPoint.RotK or HookPoint.V => model.NKeyValueHeads * model.DHead,
        HookPoint.MlpPre or HookPoint.MlpPreLinear or HookPoint.MlpPost => model.DMlp,
        HookPoint.AttnScores or HookPoint.Pattern or HookPoint.Ln1Scale or HookPoint.Ln2Scale or HookPoint.LnFinalScale => null,
        _ => model.DModel,
    };

    /// <summary>The last part of a name in lower case; TransformerLens has another name for GPT-2.</summary>
    private static string Stem(string name) => name.TrimEnd('/').Split('/')[^1].ToLowerInvariant() is var last && last == "gpt2-small" ? "gpt2" : last;

    /// <summary>What names of one family have in common: llama, gemma, gpt.</summary>
    private static HashSet<string> Words(string name) =>
        [.. Word().Matches(Stem(name)).Select(m => m.Value).Where(w => w is not ("meta" or "instruct" or "base" or "chat" or "distill" or "deduped"))];

    [GeneratedRegex("[a-z]{3,}")]
    private static partial Regex Word();
}
