using System.Text.Json;

namespace SaeNotebooks.Translation.Study;

/// <summary>What the literature reports of translation latents: <c>data/studies/literature/translation-switch.json</c>.</summary>
/// <param name="Title">of the paper</param>
/// <param name="Authors">and where it appeared</param>
/// <param name="Mark">how well its figures are known</param>
/// <param name="Discovery">sizes of the candidate set</param>
/// <param name="MedianRhoBelow">what the median ρ of candidates is below</param>
/// <param name="Amplification">by language pair, for each of <paramref name="Amplified"/></param>
/// <param name="Amplified">unedited, then the latents</param>
/// <param name="RhoBins">effects by group of ρ</param>
/// <param name="Framing">how often answers have words that frame a translation</param>
public sealed record Literature(string Title, string Authors, string Mark, IReadOnlyList<ReportedDiscovery> Discovery, double MedianRhoBelow,
    IReadOnlyList<ReportedAmplification> Amplification, IReadOnlyList<string> Amplified, IReadOnlyList<ReportedBin> RhoBins, IReadOnlyList<ReportedFraming> Framing)
{
    /// <summary>Reads the file.</summary>
    /// <param name="path">by default that of the data folder</param>
    /// <exception cref="JsonException">it is damaged</exception>
    public static Literature Load(string? path = null) => JsonSerializer.Deserialize<Literature>(
        File.ReadAllText(path ?? DataFolder.Combine("studies", "literature", "translation-switch.json")),
        new JsonSerializerOptions(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true })!;
}

/// <summary>How many latents a paper found.</summary>
public sealed record ReportedDiscovery(string Model, int Samples, int Recalled, int? Consistent);

/// <summary>COMET and hallucination rate in percent, unedited and with each amplified latent.</summary>
public sealed record ReportedAmplification(string Pair, IReadOnlyList<double> Comet, IReadOnlyList<double> Hallucination);

/// <summary>Answers with words that frame a translation, in percent, unedited and with an amplified latent.</summary>
public sealed record ReportedFraming(string Pair, double Unedited, double Amplified);

/// <summary>The effect that a paper reports for a group of ρ.</summary>
public sealed record ReportedBin(string Bin, string Text);
