using System.Globalization;
using System.Text;

namespace SaeNotebooks.Saes.Formats;

/// <summary>What a card says about an SAE besides what its tensors say; facts that nobody measured are left out.</summary>
public sealed record SaeCardFacts
{
    /// <summary>HuggingFace id of the model, for the card's front matter; by default the SAE's own model name.</summary>
    public string? BaseModel { get; init; }

    /// <summary>SPDX name of the licence, for example <c>mit</c>.</summary>
    public string? License { get; init; }

    /// <summary>What it was trained on, in a sentence.</summary>
    public string? TrainingData { get; init; }

    /// <summary>Measurements in the order in which they are to stand: name and value, for example L0 and 64.2.</summary>
    public IReadOnlyList<(string Name, double Value)> Measured { get; init; } = [];

    /// <summary>How it was measured: corpus, tokens, whether BOS was counted.</summary>
    public string? MeasuredOn { get; init; }
}

/// <summary>A folder that can be uploaded to HuggingFace as it is: the SAE in SAELens's format in a subfolder, and a card.</summary>
public static class HubFolder
{
    /// <summary>Writes the folder; an existing card is replaced.</summary>
    /// <param name="sae">the SAE</param>
    /// <param name="folder">created if it does not exist</param>
    /// <param name="facts">what the card says</param>
    /// <param name="id">the subfolder; by default the hook's name</param>
    /// <exception cref="ArgumentException">SAELens has no such architecture</exception>
    public static void Write(Sae sae, string folder, SaeCardFacts facts, string? id = null)
    {
        id ??= sae.Config.Hook.ToString();
        SaeLensFormat.Save(sae, Path.Combine(folder, id));
        AtomicFile.Write(Path.Combine(folder, "README.md"), Card(sae, facts, id));
    }

    private static string Card(Sae sae, SaeCardFacts facts, string id)
    {
        var text = new StringBuilder("---\nlibrary_name: saelens\ntags:\n- sparse-autoencoder\n- mechanistic-interpretability\n");
        text.Append(CultureInfo.InvariantCulture, $"base_model: {Quoted(facts.BaseModel ?? sae.Config.ModelName)}\n");
        if (facts.License is { } license) text.Append(CultureInfo.InvariantCulture, $"license: {Quoted(license)}\n");
        text.Append(CultureInfo.InvariantCulture, $"---\n\n# {sae}\n\n| | |\n|---|---|\n");
        foreach (var (name, value) in Rows(sae, facts)) text.Append(CultureInfo.InvariantCulture, $"| {name} | {value} |\n");
        if (facts.MeasuredOn is { } how) text.Append(CultureInfo.InvariantCulture, $"\nMeasured on {how}\n");
        text.Append(CultureInfo.InvariantCulture, $"\nTo load it with SAELens, from a copy of this repository:\n\n```python\nfrom sae_lens import SAE\n\nsae = SAE.load_from_disk(\"{id}\")\n```\n");
        return text.ToString();
    }

    private static IEnumerable<(string Name, string Value)> Rows(Sae sae, SaeCardFacts facts)
    {
        yield return ("architecture", SaeLensArchitectures.NameOf(sae));
        yield return ("reads", sae.Config.Hook.ToString());
        if (sae.Config.OutputHook is { } output) yield return ("predicts", output.ToString());
        yield return ("latents", sae.Width.ToString(CultureInfo.InvariantCulture));
        yield return ("decoder bias subtracted from the input", sae.Config.SubtractDecoderBias ? "yes" : "no");
        yield return ("normalisation of the input", sae.Config.Normalisation?.Name ?? "none");
        if (facts.TrainingData is { } data) yield return ("trained on", data);
        foreach (var (name, value) in facts.Measured) yield return (name, value.ToString("0.####", CultureInfo.InvariantCulture));
    }

    private static string Quoted(string value) => $"\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
