using System.Collections.Concurrent;
using System.Text.Json;
using SaeNotebooks.Display;

namespace SaeNotebooks.Features.Interpretation;

/// <summary>The labels of an SAE's latents, as they are kept in a file.</summary>
/// <param name="Format">tells the file from others: <see cref="FormatName"/></param>
/// <param name="Model">the model's name</param>
/// <param name="Sae">the SAE's name, which is usually its hook</param>
/// <param name="SaeHash">its fingerprint, so that labels of another SAE are refused</param>
/// <param name="Corpus">on which the labels were found, in words</param>
/// <param name="Labels">in the order of the latents</param>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed record LatentLabels(string Format, string Model, string Sae, string SaeHash, string Corpus, IReadOnlyList<LatentLabel> Labels) : IDisplayable
{
    /// <summary>The only value of <see cref="Format"/>.</summary>
    public const string FormatName = "sae-notebooks latent labels";

    private const int Shown = 50;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly ConcurrentDictionary<string, (DateTime Written, LatentLabels Labels)> Kept = [];
    private readonly Lazy<Dictionary<int, LatentLabel>> _byLatent = new(() => Labels.ToDictionary(l => l.Latent));

    /// <summary>Labels as those of an index's SAE.</summary>
    internal static LatentLabels Of(SaeIndex index, IReadOnlyList<LatentLabel> labels) =>
        new(FormatName, index.Index.Header.Model, index.Name, HashOf(index), index.Index.Header.Corpus, labels);

    /// <summary>The labels that are kept beside an index; null if there are none yet, or only those of another SAE. Read again only when the file
    /// changed.</summary>
    /// <param name="index">the SAE on a corpus</param>
    /// <exception cref="FeatureIndexException">a damaged file</exception>
    public static LatentLabels? Find(SaeIndex index)
    {
        var file = new FileInfo(PathOf(index));
        if (!file.Exists) return null;
        var known = Kept.AddOrUpdate(file.FullName, path => (file.LastWriteTimeUtc, Load(path)),
            (path, kept) => kept.Written == file.LastWriteTimeUtc ? kept : (file.LastWriteTimeUtc, Load(path)));
        return known.Labels.SaeHash == HashOf(index) ? known.Labels : null;
    }

    /// <summary>The labels that are kept beside an index, found by the lexical baseline, and kept, if there are none yet: seconds, once.</summary>
    /// <param name="index">the SAE on a corpus</param>
    /// <param name="cancellation">gives up</param>
    public static LatentLabels FindOrMake(SaeIndex index, CancellationToken cancellation = default)
    {
        if (Find(index) is { } there) return there;
        var labels = new Lexical.LexicalLabeller(index.Corpus).Label(index, cancellation);
        labels.Save(PathOf(index));
        return labels;
    }

    /// <summary>Where the labels of an index's SAE are kept.</summary>
    public static string PathOf(SaeIndex index) => Path.Combine(index.Index.Folder, "labels", $"{index.Name}.json");

    private static string HashOf(SaeIndex index) => index.Index.Header.Saes.First(s => s.Name == index.Name).SaeHash;

    /// <summary>The label of a latent; null if it has none here.</summary>
    public LatentLabel? this[int latent] => _byLatent.Value.GetValueOrDefault(latent);

    /// <summary>Labels whose text holds words, best first.</summary>
    /// <param name="words">a part of a label's text, in any case</param>
    public IReadOnlyList<LatentLabel> Search(string words) =>
        [.. Labels.Where(l => l.Text.Contains(words, StringComparison.OrdinalIgnoreCase)).OrderByDescending(l => l.BalancedAccuracy ?? 0)];

    /// <summary>The best labels as a table.</summary>
    public string ToHtml() => $"<div>{Html.Encode(Heading)}</div>\n{Best().ToHtml()}";

    /// <inheritdoc/>
    public string ToText() => $"{Heading}\n{Best().ToText()}";

    /// <inheritdoc/>
    public override string ToString() => Heading;

    private string Heading => $"{Labels.Count:N0} latents of {Sae} of {Model}, {Labels.Count(l => l.Scores.Count > 0):N0} with a scored label" + (Labels.Count > Shown ? $"; the {Shown} best" : "");

    private DataTable Best() => Show.Table(["latent", "label", "balanced accuracy", "shuffled", "fires on tokens"], Labels.OrderByDescending(l => l.BalancedAccuracy ?? 0).ThenBy(l => l.Latent)
        .Take(Shown).Select(l => (IReadOnlyList<object?>)[l.Latent, l.Text, l.BalancedAccuracy, l.Scores is [var first, ..] ? first.Control : null, l.Firings]));

    /// <summary>Writes the labels; the file appears only when complete.</summary>
    public void Save(string path) => AtomicFile.Write(path, JsonSerializer.Serialize(this, Json) + "\n");

    /// <summary>Reads labels.</summary>
    /// <param name="path">a file that <see cref="Save"/> wrote</param>
    /// <exception cref="FeatureIndexException">another or a damaged file</exception>
    public static LatentLabels Load(string path)
    {
        try
        {
            var read = JsonSerializer.Deserialize<LatentLabels>(File.ReadAllText(path), Json);
            if (read?.Format == FormatName && read.Labels is not null) return read;
        }
        catch (JsonException e) { throw new FeatureIndexException($"'{path}' is no file of latent labels, or a damaged one ({e.Message}); make it again with the command label.", e); }
        throw new FeatureIndexException($"'{path}' is no file of latent labels; make one with the command label.");
    }
}
