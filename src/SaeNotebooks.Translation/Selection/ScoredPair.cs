using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Evaluation;

namespace SaeNotebooks.Translation.Selection;

/// <summary>
/// An example with its scores, in the layout of the authors' <c>activations_{model}_{dataset}.json</c> (Wu et al. 2026), a list of
/// <c>{src, tgt, comet, ppl, sae_activations: {"12_2291": value}}</c>, and beside these <c>target_ppl</c> and <c>line</c>.
/// </summary>
/// <param name="Src">the sentence</param>
/// <param name="Tgt">its translation</param>
/// <param name="Comet">how good it is; null if that is not known</param>
/// <param name="Ppl">exp of the mean loss over prompt and translation; null where that is no finite number</param>
/// <param name="SaeActivations">by layer and latent, joined as <see cref="Key"/> does, the activation at the last prompt token; null where it is no finite number</param>
public sealed record ScoredPair(string Src, string Tgt, double? Comet, double? Ppl, IReadOnlyDictionary<string, double?> SaeActivations)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>exp of the mean loss over the translation alone; null where that is no finite number, and in files of the authors' script.</summary>
    public double? TargetPpl { get; init; }

    /// <summary>Its line in the pool's file; null in files of the authors' script.</summary>
    public int? Line { get; init; }

    /// <summary>The name of a latent in <see cref="SaeActivations"/>: <c>12_2291</c>.</summary>
    public static string Key(LatentId latent) => $"{latent.Layer}_{latent.Latent}";

    /// <summary>Writes scores; the file appears whole or not at all.</summary>
    public static void Write(string path, IReadOnlyList<ScoredPair> pairs) => CardFile.WriteWhole(path, JsonSerializer.Serialize(pairs, Json) + "\n");

    /// <summary>Reads scores, those of the authors' script too.</summary>
    /// <exception cref="FormatException">the file is missing, or is no list of scored examples of the same latents; the message says where</exception>
    public static IReadOnlyList<ScoredPair> Read(string path)
    {
        if (!File.Exists(path)) throw new FormatException($"There is no file '{path}'; score-pool writes one.");
        try
        {
            var pairs = JsonSerializer.Deserialize<List<ScoredPair>>(File.ReadAllText(path), Json) ?? [];
            if (pairs.Count == 0) throw new FormatException($"{path} has no examples.");
            var odd = pairs.FindIndex(p => !p.SaeActivations.Keys.Order(StringComparer.Ordinal).SequenceEqual(pairs[0].SaeActivations.Keys.Order(StringComparer.Ordinal)));
            return odd < 0 ? pairs : throw new FormatException($"{path}, example {odd}: its latents are {string.Join(", ", pairs[odd].SaeActivations.Keys)}, those of the first example are {string.Join(", ", pairs[0].SaeActivations.Keys)}.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"{path} is no list of scored examples (line {e.LineNumber + 1}): expected src, tgt, comet, ppl and sae_activations of each, numbers or null; Python's bare NaN is no JSON.", e);
        }
    }
}
