using SaeNotebooks.Features;
using SaeNotebooks.Hub;

namespace SaeNotebooks.Harvest.Corpora;

/// <summary>Datasets of the hub: its Parquet or JSON-lines files are downloaded into the hub's cache and read from there.</summary>
public static class HubCorpus
{
    private static readonly string[] Endings = [".parquet", ".jsonl", ".ndjson", ".txt"];

    /// <summary>Opens a dataset.</summary>
    /// <param name="name"><c>org/name</c>, or <c>org/name@revision</c></param>
    /// <param name="pattern">which of its files, for example <c>data/train-*.parquet</c>; all of the first kind that it has by default</param>
    /// <param name="key">the column or key that the text is in</param>
    /// <param name="cancellation">gives up a download; the next one goes on from there</param>
    /// <exception cref="HubException">it cannot be had; the message says why and what to do</exception>
    /// <exception cref="FeatureIndexException">no file of a kind that is read</exception>
    public static ICorpus Open(string name, string? pattern = null, string key = "text", CancellationToken cancellation = default)
    {
        var parsed = HubName.TryParse(name, out var hubName) ? hubName : throw new FeatureIndexException($"'{name}' is no dataset of the hub; write org/name.");
        using var hub = new HubClient();
        var repository = $"datasets/{parsed.Repository}";
        var files = pattern is null ? Readable(hub.List(repository, parsed.Revision, cancellation), name) : [pattern];
        return new FileCorpus(hub.Download(repository, files, parsed.Revision, cancellation), key, name);
    }

    private static IReadOnlyList<string> Readable(IReadOnlyList<string> names, string dataset) =>
        Endings.Select(e => names.Where(n => n.EndsWith(e, StringComparison.OrdinalIgnoreCase)).ToList()).FirstOrDefault(some => some.Count > 0)
            ?? throw new FeatureIndexException($"The dataset {dataset} has no file of a kind that is read ({string.Join(", ", Endings)}); name its files, or convert it.");
}
