using System.Text.Json;
using System.Text.RegularExpressions;
using SaeNotebooks.Hub;

namespace SaeNotebooks.Translation.Parallel;

/// <summary>
/// WMT24++ (Deutsch et al. 2025): English with 55 languages and regions, on the hub as one JSON-lines file a pair, such as <c>en-fr_FR.jsonl</c>, or as Parquet,
/// in files or folders called after the pair. Segments marked as bad sources are left out, as its authors do; that is 960 of 998.
/// </summary>
public static partial class Wmt24pp
{
    /// <summary>Its repository.</summary>
    public const string Repository = "datasets/google/wmt24pp";

    private const string Id = "segment_id", Bad = "is_bad_source", Source = "source", Target = "target";

    /// <summary>The sentences of a pair, downloaded into the hub's cache if it has not got them.</summary>
    /// <param name="pair"><c>en-fr_FR</c>; or <c>en-fr</c>, if the language has only one region</param>
    /// <param name="hub">the hub</param>
    /// <param name="repository">by default <see cref="Repository"/></param>
    /// <param name="revision">branch, tag or commit; <c>refs/convert/parquet</c> is the hub's own Parquet of every dataset</param>
    /// <param name="cancellation">gives up; the next attempt goes on</param>
    /// <exception cref="ParallelDataException">there is no such pair, or several regions; the message names those that there are</exception>
    /// <exception cref="HubException">it cannot be had; the message says why and what to do</exception>
    public static ParallelCorpus Load(string pair, HubClient hub, string repository = Repository, string revision = HubName.DefaultRevision, CancellationToken cancellation = default)
    {
        var pairs = hub.List(repository, revision, cancellation).Where(f => IsParquet(f) || f.EndsWith(".jsonl", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .GroupBy(PairOf).Where(g => g.Key is not null).ToDictionary(g => g.Key!, g => g.ToLookup(IsParquet));
        var name = pairs.ContainsKey(pair) ? pair : pairs.Keys.Where(p => p.StartsWith($"{pair}_", StringComparison.Ordinal)).ToList() switch
        {
            [var one] => one,
            [] => throw new ParallelDataException($"{repository} has no pair '{pair}'; it has {string.Join(", ", pairs.Keys)}."),
            var several => throw new ParallelDataException($"{repository} has several regions of '{pair}'; name one of {string.Join(", ", several)}."),
        };
        var kinds = pairs[name];
        return Read(name, [.. (kinds[false].Any() ? kinds[false] : kinds[true]).Select(file => hub.File(repository, file, revision, cancellation))]);
    }

    /// <summary>Reads a file of the dataset.</summary>
    /// <param name="path">a file such as <c>en-fr_FR.jsonl</c> or <c>en-fr_FR/train/0000.parquet</c>: rows with <c>segment_id</c>, <c>is_bad_source</c>, <c>source</c>
    /// and <c>target</c></param>
    /// <exception cref="ParallelDataException">another file name, or a Parquet file without these columns</exception>
    public static ParallelCorpus Read(string path) => Read(PairOf(path)
        ?? throw new ParallelDataException($"'{Path.GetFileName(path)}' is no file of WMT24++, which is called after a pair such as en-fr_FR.jsonl."), [path]);

    private static ParallelCorpus Read(string pair, IReadOnlyList<string> files)
    {
        var (source, target) = (pair.Split('-')[0], pair.Split('-')[1].Split('_')[0]);
        var name = files.Count == 1 && !IsParquet(files[0]) ? Path.GetFileName(files[0]) : $"WMT24++ {pair}";
        return ParallelCorpus.Of(name, source, target, files.SelectMany(f => IsParquet(f) ? ParquetRows(f) : JsonRows(f)).OfType<(int, string, ParallelSentence?, string?)>());
    }

    /// <summary>The pair that the file, or else a folder that it is in, is called after; null if there is none.</summary>
    private static string? PairOf(string file) => Path.ChangeExtension(file, null).Split('/', '\\').LastOrDefault(part => Pair().IsMatch(part));

    private static bool IsParquet(string file) => file.EndsWith(".parquet", StringComparison.Ordinal);

    private static IEnumerable<(int, string, ParallelSentence?, string?)?> JsonRows(string path) =>
        File.ReadLines(path).Index().Where(l => l.Item.Length > 0).Select(line => JsonRow(line.Index + 1, Path.GetFileName(path), line.Item));

    /// <summary>A row; null for a bad source, which is no fault of the file.</summary>
    private static (int, string, ParallelSentence?, string?)? JsonRow(int line, string file, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var row = document.RootElement;
            if (row.TryGetProperty(Bad, out var bad) && bad.ValueKind == JsonValueKind.True) return null;
            return (line, file, new($"{row.GetProperty(Id)}", row.GetProperty(Source).GetString() ?? "", row.GetProperty(Target).GetString() ?? ""), null);
        }
        catch (JsonException e) { return (line, file, null, $"it is not valid JSON ({e.Message})"); }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException) { return (line, file, null, "it is no object with segment_id, source and target"); }
    }

    private static IEnumerable<(int, string, ParallelSentence?, string?)?> ParquetRows(string path) => ParallelParquet.Rows(path, Id, Source, Target, Bad).Index()
        .Select(row => row.Item[3] == "true" ? ((int, string, ParallelSentence?, string?)?)null
            : (row.Index + 1, Path.GetFileName(path), new(row.Item[0] ?? "", row.Item[1] ?? "", row.Item[2] ?? ""), null));

    [GeneratedRegex(@"\A[a-z]{2,3}-[a-z]{2,3}_[A-Z]{2}\z")]
    private static partial Regex Pair();
}
