using System.Text.Json;
using SaeNotebooks.Features;
using SaeNotebooks.Features.Writing;

namespace SaeNotebooks.Harvest.Parts;

/// <summary>What a shard's <c>shard.json</c> says: all shards of an index say the same but for their number.</summary>
/// <param name="Header">model, corpus, policy, tokenizer, labels and SAEs of the index to be made</param>
/// <param name="Plan">batches and blocks, in words</param>
/// <param name="Number">of the shard</param>
/// <param name="Of">how many shards there are</param>
internal sealed record ShardManifest(IndexHeader Header, string Plan, int Number, int Of);

/// <summary>A block that is complete on the disk.</summary>
/// <param name="Block">its number</param>
/// <param name="Tokens">its tokens</param>
internal sealed record SavedBlock(long Block, long Tokens);

/// <summary>
/// The folder of one shard: <c>shard.json</c>, Parquet files of each block, a line of <c>blocks.jsonl</c> for each block whose files are complete, and in the end
/// <c>done.json</c>. A block that has no line is made again, so a killed run loses one block and doubles none.
/// </summary>
internal sealed class ShardFolder : IDisposable
{
    private const string Manifest = "shard.json", Blocks = "blocks.jsonl", Done = "done.json";
    private readonly FolderLock? _lock;

    private ShardFolder(string folder, ShardManifest manifest, FolderLock? held)
    {
        (Folder, Of, _lock) = (folder, manifest, held);
        Saved = [.. ReadBlocks(Path.Combine(folder, Blocks))];
    }

    public string Folder { get; }

    public ShardManifest Of { get; }

    /// <summary>The blocks that are complete, in the order in which they were made.</summary>
    public List<SavedBlock> Saved { get; }

    /// <summary>The folder of a shard in the folder of all of them.</summary>
    public static string Name(string parts, Shard shard) => Path.Combine(parts, $"shard-{shard.Number:d4}-of-{shard.Of:d4}");

    /// <summary>Opens a shard for writing: a new one, or one that was begun and is the same.</summary>
    /// <exception cref="FeatureIndexException">somebody else writes it, or it belongs to another harvest</exception>
    public static ShardFolder Begin(string parts, ShardManifest manifest)
    {
        var folder = Name(parts, new(manifest.Number, manifest.Of));
        var held = FolderLock.Take(folder);
        try
        {
            var file = Path.Combine(folder, Manifest);
            if (File.Exists(file)) RequireSame(Json<ShardManifest>(file), manifest, folder);
            else
            {
                Directory.CreateDirectory(folder);
                Write(file, manifest);
            }
            return new(folder, manifest, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The shards of an index, for merging: all of them, complete and of one harvest.</summary>
    /// <exception cref="FeatureIndexException">one is missing or not complete, or they do not belong together</exception>
    public static IReadOnlyList<ShardFolder> All(string parts)
    {
        string[] folders = Directory.Exists(parts) ? [.. Directory.GetDirectories(parts, "shard-*").Where(f => File.Exists(Path.Combine(f, Manifest))).Order(StringComparer.Ordinal)] : [];
        if (folders.Length == 0) throw new FeatureIndexException($"There are no shards in '{parts}'; harvest first.");
        ShardFolder[] shards = [.. folders.Select(f => new ShardFolder(f, Json<ShardManifest>(Path.Combine(f, Manifest)), null)).OrderBy(s => s.Of.Number)];
        var of = shards[0].Of.Of;
        var missing = Enumerable.Range(0, of).Except(shards.Select(s => s.Of.Number)).ToList();
        if (missing.Count > 0) throw new FeatureIndexException($"Of {of} shards in '{parts}', {string.Join(", ", missing.Select(m => $"{m}/{of}"))} {(missing.Count == 1 ? "is" : "are")} missing; harvest {(missing.Count == 1 ? "it" : "them")} first.");
        foreach (var shard in shards)
        {
            RequireSame(shard.Of with { Number = 0 }, shards[0].Of with { Number = 0 }, shard.Folder);
            if (!shard.IsDone) throw new FeatureIndexException($"The shard {shard.Of.Number}/{of} in '{parts}' is not complete; run its harvest again, which goes on where it stopped.");
        }
        return shards;
    }

    /// <summary>Whether all its blocks are complete.</summary>
    public bool IsDone => File.Exists(Path.Combine(Folder, Done));

    /// <summary>The Parquet file of a block's text.</summary>
    public string TextFile(long block) => Path.Combine(Folder, $"block-{block:d8}-text.parquet");

    /// <summary>The Parquet file of what an SAE does on a block.</summary>
    public string EntriesFile(long block, int sae) => Path.Combine(Folder, $"block-{block:d8}-{Of.Header.Saes[sae].Name}.parquet");

    /// <summary>Where the first shard keeps what is known without the corpus.</summary>
    public string FactsFolder => Path.Combine(Folder, "facts");

    /// <summary>Notes that a block's files are complete.</summary>
    public void Add(SavedBlock block)
    {
        using (var file = new FileStream(Path.Combine(Folder, Blocks), FileMode.Append, FileAccess.Write, FileShare.Read))
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(block));
            file.Write("\n"u8);
            file.Flush(flushToDisk: true);
        }
        Saved.Add(block);
    }

    /// <summary>Notes that all blocks are.</summary>
    public void Finish() => Write(Path.Combine(Folder, Done), new { blocks = Saved.Count });

    public void Dispose() => _lock?.Dispose();

    /// <summary>Whole lines; one that a kill cut short stands for a block that is made again, and is cut off.</summary>
    private static List<SavedBlock> ReadBlocks(string path)
    {
        if (!File.Exists(path)) return [];
        var text = File.ReadAllText(path);
        var whole = text.LastIndexOf('\n') + 1;
        if (whole < text.Length) File.WriteAllText(path, text[..whole]);
        return [.. text[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<SavedBlock>(line)!)];
    }

    private static void RequireSame(ShardManifest found, ShardManifest wanted, string folder)
    {
        var (there, here) = (JsonSerializer.Serialize(found), JsonSerializer.Serialize(wanted));
        if (there != here) throw new FeatureIndexException($"'{folder}' belongs to another harvest: {Difference(found, wanted)}. Delete the folder, or write to another.");
    }

    private static string Difference(ShardManifest found, ShardManifest wanted) =>
        (found.Header.Corpus, wanted.Header.Corpus) is var (was, now) && was != now ? $"it reads {was}, not {now}"
        : found.Header.Model != wanted.Header.Model ? $"its model is {found.Header.Model}, not {wanted.Header.Model}"
        : (found.Number, found.Of) != (wanted.Number, wanted.Of) ? $"it is shard {found.Number}/{found.Of}, not {wanted.Number}/{wanted.Of}"
        : found.Plan != wanted.Plan ? $"its plan is {found.Plan}, not {wanted.Plan}"
        : found.Header.Policy != wanted.Header.Policy ? $"it is {found.Header.Policy}, not {wanted.Header.Policy}"
        : "its model, tokenizer or SAEs are others";

    private static T Json<T>(string path)
    {
        try { return JsonSerializer.Deserialize<T>(File.ReadAllText(path))!; }
        catch (JsonException e) { throw new FeatureIndexException($"{path} is damaged ({e.Message}); delete its folder and harvest the shard again.", e); }
    }

    private static void Write<T>(string path, T value) => AtomicFile.Write(path, JsonSerializer.Serialize(value));
}
