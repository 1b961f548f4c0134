using System.Text.Json;
using SaeNotebooks.Hub;

namespace SaeNotebooks.Translation.Parallel;

/// <summary>
/// WMT24++ (Deutsch et al. 2025): English with 55 languages and regions, on the hub as one JSON-lines file a pair, such as <c>en-fr_FR.jsonl</c>. Segments
/// marked as bad sources are left out, as its authors do; that is 960 of 998.
/// </summary>
public static class Wmt24pp
{
    /// <summary>Its repository.</summary>
    public const string Repository = "datasets/google/wmt24pp";

    /// <summary>The sentences of a pair, downloaded into the hub's cache if it has not got them.</summary>
    /// <param name="pair"><c>en-fr_FR</c>; or <c>en-fr</c>, if the language has only one region</param>
    /// <param name="hub">the hub</param>
    /// <param name="repository">by default <see cref="Repository"/></param>
    /// <param name="cancellation">gives up; the next attempt goes on</param>
    /// <exception cref="ParallelDataException">there is no such pair, or several regions; the message names those that there are</exception>
    /// <exception cref="HubException">it cannot be had; the message says why and what to do</exception>
    public static ParallelCorpus Load(string pair, HubClient hub, string repository = Repository, CancellationToken cancellation = default)
    {
        var files = hub.List(repository, cancellation: cancellation).Where(f => f.EndsWith(".jsonl", StringComparison.Ordinal)).ToList();
        var name = files.FirstOrDefault(f => f == $"{pair}.jsonl") ?? files.Where(f => f.StartsWith($"{pair}_", StringComparison.Ordinal)).ToList() switch
        {
            [var one] => one,
            [] => throw new ParallelDataException($"{repository} has no pair '{pair}'; it has {string.Join(", ", files.Select(f => Path.GetFileNameWithoutExtension(f)))}."),
            var several => throw new ParallelDataException($"{repository} has several regions of '{pair}'; name one of {string.Join(", ", several.Select(f => Path.GetFileNameWithoutExtension(f)))}."),
        };
        return Read(hub.File(repository, name, cancellation: cancellation));
    }

    /// <summary>Reads a file of the dataset.</summary>
    /// <param name="path">a file such as <c>en-fr_FR.jsonl</c>: objects with <c>segment_id</c>, <c>is_bad_source</c>, <c>source</c> and <c>target</c></param>
    /// <exception cref="ParallelDataException">another file name</exception>
    public static ParallelCorpus Read(string path)
    {
        var name = Path.GetFileName(path);
        if (Path.GetFileNameWithoutExtension(name).Split('-') is not [var source, var target]) throw new ParallelDataException($"'{name}' is no file of WMT24++, which is called after a pair such as en-fr_FR.jsonl.");
        return ParallelCorpus.Of(name, source, target.Split('_')[0], File.ReadLines(path).Index().Where(l => l.Item.Length > 0)
            .Select(line => Row(line.Index + 1, name, line.Item)).OfType<(int, string, ParallelSentence?, string?)>());
    }

    /// <summary>A row; null for a bad source, which is no fault of the file.</summary>
    private static (int, string, ParallelSentence?, string?)? Row(int line, string file, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var row = document.RootElement;
            if (row.TryGetProperty("is_bad_source", out var bad) && bad.ValueKind == JsonValueKind.True) return null;
            return (line, file, new($"{row.GetProperty("segment_id")}", row.GetProperty("source").GetString() ?? "", row.GetProperty("target").GetString() ?? ""), null);
        }
        catch (JsonException e) { return (line, file, null, $"it is not valid JSON ({e.Message})"); }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException) { return (line, file, null, "it is no object with segment_id, source and target"); }
    }
}
