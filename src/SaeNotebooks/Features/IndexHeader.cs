using System.Text.Json;

namespace SaeNotebooks.Features;

/// <summary>A way in which the tokens of a corpus are labelled.</summary>
/// <param name="Name">for example <c>language</c></param>
/// <param name="Values">the labels, at most 255; a token may also have none</param>
public sealed record LabelKind(string Name, IReadOnlyList<string> Values)
{
    /// <summary>Stands for no label.</summary>
    internal const byte None = byte.MaxValue;
}

/// <summary>An SAE whose latents are in an index.</summary>
/// <param name="Name">of its folder in the index; the hook's name unless several SAEs read the same hook</param>
/// <param name="Hook">the hook that it reads</param>
/// <param name="Width">latents</param>
/// <param name="Architecture">SAELens's name of it</param>
/// <param name="ModelHash">of the model up to the hook, see <see cref="Fingerprint"/></param>
/// <param name="SaeHash">of the SAE</param>
/// <param name="Activations">entries: firings of all latents together</param>
/// <param name="Facts">how many nearest latents, latents that fire together, and top and bottom output tokens are stored for each latent</param>
public sealed record IndexedSae(string Name, string Hook, int Width, string Architecture, string ModelHash, string SaeHash, long Activations, int Facts);

/// <summary>What <c>index.json</c> says of an index. Of two runs over the same corpus, whatever their shards, it is the same.</summary>
/// <param name="Format">tells the file from others: <see cref="FormatName"/></param>
/// <param name="Version">of the layout: <see cref="CurrentVersion"/></param>
/// <param name="Model">the model's name</param>
/// <param name="Corpus">what was read, in words</param>
/// <param name="Policy">which tokens count, in words</param>
/// <param name="TokenizerHash">see <see cref="Fingerprint"/></param>
/// <param name="Tokens">tokens of the corpus, BOS included</param>
/// <param name="Counted">tokens that count: those that were encoded</param>
/// <param name="Sequences">stretches that the model read at once</param>
/// <param name="Vocabulary">ids that texts are stored for</param>
/// <param name="Labels">how tokens are labelled</param>
/// <param name="Saes">the SAEs</param>
/// <param name="Files">each file's length in bytes, so that a truncated copy is noticed</param>
public sealed record IndexHeader(string Format, int Version, string Model, string Corpus, string Policy, string TokenizerHash, long Tokens, long Counted, int Sequences,
    int Vocabulary, IReadOnlyList<LabelKind> Labels, IReadOnlyList<IndexedSae> Saes, IReadOnlyDictionary<string, long> Files)
{
    /// <summary>The only value of <see cref="Format"/>.</summary>
    public const string FormatName = "sae-notebooks feature index";

    /// <summary>The version that is written and read.</summary>
    public const int CurrentVersion = 2; // 1 stored bytes that are no character as U+FFFD

    /// <summary>The header's file.</summary>
    public const string FileName = "index.json";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NewLine = "\n" };

    /// <summary>Number of labels of all kinds together.</summary>
    internal int LabelCount => Labels.Sum(k => k.Values.Count);

    internal string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>Reads the header of an index and checks that all its files are there in full.</summary>
    internal static IndexHeader Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) throw new FeatureIndexException($"'{folder}' is no feature index: it has no {FileName}. Make one with the command harvest.");
        IndexHeader? header;
        try { header = JsonSerializer.Deserialize<IndexHeader>(File.ReadAllText(path), Json); }
        catch (JsonException e) { throw new FeatureIndexException($"{path} is damaged ({e.Message}); build the index again.", e); }
        if (header?.Format != FormatName) throw new FeatureIndexException($"{path} is no header of a feature index; another program wrote it.");
        if (header.Version != CurrentVersion)
            throw new FeatureIndexException($"{path} has version {header.Version} of the layout, and this program reads version {CurrentVersion}; build the index again.");
        foreach (var (name, length) in header.Files)
            if (new FileInfo(Path.Combine(folder, name)) is var file && (!file.Exists || file.Length != length))
                throw new FeatureIndexException($"{file.FullName} {(file.Exists ? $"has {file.Length} bytes and should have {length}" : "is missing")}; the index is incomplete: build it again.");
        return header;
    }
}
