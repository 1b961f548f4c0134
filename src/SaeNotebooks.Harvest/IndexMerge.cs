using System.Runtime.InteropServices;
using SaeNotebooks.Features;
using SaeNotebooks.Features.Storage;
using SaeNotebooks.Features.Writing;
using SaeNotebooks.Harvest.Duck;
using SaeNotebooks.Harvest.Parts;

namespace SaeNotebooks.Harvest;

/// <summary>Makes an index of its shards: DuckDB sorts their entries by latent, on the disk if they are many. However the work was divided, the index is the same,
/// byte for byte.</summary>
public static class IndexMerge
{
    /// <summary>Bytes that an entry takes in the index, and those that sorting it takes.</summary>
    private const int BytesPerEntry = 9, BytesToSort = 24;

    /// <summary>Merges all shards of a folder.</summary>
    /// <param name="parts">the folder of the shards, which remain</param>
    /// <param name="folder">of the index; one that is there is replaced when the new one is complete</param>
    /// <param name="cancellation">gives up; nothing is left</param>
    /// <exception cref="FeatureIndexException">shards are missing, unfinished, damaged or of different harvests; nothing to index; another writer</exception>
    /// <exception cref="IOException">the disk is full</exception>
    public static void Run(string parts, string folder, CancellationToken cancellation = default) => Run(parts, folder, FreeSpace, cancellation);

    internal static void Run(string parts, string folder, Func<string, long> freeSpace, CancellationToken cancellation = default)
    {
        var shards = ShardFolder.All(parts);
        RequireAllBlocks(shards);
        var header = shards[0].Of.Header;
        using var writer = new IndexWriter(folder, header);
        using var duck = new DuckSession(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + ".partial/spill");
        var blocks = shards.SelectMany(s => s.Saved.Select(b => (Shard: s, b.Block))).OrderBy(b => b.Block).ToList();
        if (blocks.Count == 0) throw new FeatureIndexException($"There is nothing to index: {header.Corpus} has no documents.");
        RequireRoom(duck, folder, blocks.SelectMany(b => header.Saes.Select((_, sae) => b.Shard.EntriesFile(b.Block, sae))), freeSpace);

        using var progress = Progress.Start("Merging the index", header.Saes.Count + 1, "steps", cancellation: cancellation);
        var starts = MergeText(duck, writer, header, [.. blocks.Select(b => b.Shard.TextFile(b.Block))], shards.Sum(s => s.Saved.Sum(b => b.Tokens)));
        FactFiles.Copy(shards[0].FactsFolder, CorpusFiles.Folder, writer.TextFolder);
        progress.Report(1, "text");
        for (var sae = 0; sae < header.Saes.Count; sae++)
        {
            using var latents = writer.BeginSae(header.Saes[sae], FactFiles.ReadBiases(shards[0].FactsFolder, header.Saes[sae]));
            MergeEntries(duck, latents, starts, [.. blocks.Select(b => b.Shard.EntriesFile(b.Block, sae))], progress.Cancellation);
            latents.Complete();
            FactFiles.Copy(shards[0].FactsFolder, header.Saes[sae].Name, writer.FolderOf(header.Saes[sae].Name));
            writer.CompletePairs();
            progress.Report(sae + 2, header.Saes[sae].Name);
        }
        duck.Dispose();
        writer.Commit();
    }

    /// <returns>by document, the place of its first token</returns>
    private static List<long> MergeText(DuckSession duck, IndexWriter writer, IndexHeader header, IReadOnlyList<string> files, long tokens)
    {
        var kinds = header.Labels.Count;
        List<long> starts = [];
        var current = new SequenceBuffer(kinds);
        long place = 0;
        var labels = string.Concat(Enumerable.Range(0, kinds).Select(k => $", {PartWriter.LabelColumn(k)}"));
        foreach (var rows in duck.Stream($"SELECT document, sequence, token, counted{labels} FROM read_parquet({DuckSession.List(files)}) ORDER BY document, position"))
        {
            var (documents, sequences) = (rows.Column<long>(0).ToArray(), rows.Column<int>(1).ToArray());
            for (var i = 0; i < rows.Count; i++, place++)
            {
                if (!current.Continues(documents[i], sequences[i])) current.Flush(writer);
                while (starts.Count <= documents[i]) starts.Add(place); // documents without tokens begin where the next one does
                current.Add(documents[i], sequences[i], rows, i);
            }
        }
        current.Flush(writer);
        return place == tokens ? starts : throw new FeatureIndexException($"The shards have {place} tokens and should have {tokens}: a file is damaged. Harvest them again.");
    }

    private static void MergeEntries(DuckSession duck, SaeWriter writer, List<long> starts, IReadOnlyList<string> files, CancellationToken cancellation)
    {
        List<uint> places = [];
        List<float> values = [];
        var current = -1;
        foreach (var rows in duck.Stream($"SELECT latent, document, position, value FROM read_parquet({DuckSession.List(files)}) ORDER BY latent, document, position"))
        {
            cancellation.ThrowIfCancellationRequested();
            var latents = rows.Column<int>(0);
            var documents = rows.Column<long>(1);
            var positions = rows.Column<int>(2);
            var activations = rows.Column<float>(3);
            for (var i = 0; i < rows.Count; i++)
            {
                if (latents[i] != current) Flush();
                current = latents[i];
                places.Add((uint)(starts[(int)documents[i]] + positions[i]));
                values.Add(activations[i]);
            }
        }
        Flush();

        void Flush()
        {
            if (places.Count > 0) writer.Add(current, CollectionsMarshal.AsSpan(places), CollectionsMarshal.AsSpan(values));
            places.Clear();
            values.Clear();
        }
    }

    private static void RequireAllBlocks(IReadOnlyList<ShardFolder> shards)
    {
        var found = shards.SelectMany(s => s.Saved.Select(b => b.Block)).Order().ToList();
        for (var i = 0; i < found.Count; i++)
            if (found[i] != i) throw new FeatureIndexException($"The shards in '{Path.GetDirectoryName(shards[0].Folder)}' do not make one corpus: " +
                $"{(found[i] > i ? $"block {i} is missing" : $"block {found[i]} is there twice")}. Harvest them again from the same corpus.");
    }

    private static void RequireRoom(DuckSession duck, string folder, IEnumerable<string> files, Func<string, long> freeSpace)
    {
        long entries = 0;
        foreach (var rows in duck.Stream($"SELECT count(*) FROM read_parquet({DuckSession.List(files)})")) entries = rows.Column<long>(0)[0];
        var (needed, free) = (entries * (BytesPerEntry + BytesToSort), freeSpace(Path.GetDirectoryName(Path.GetFullPath(folder))!));
        if (needed > free) throw new IOException($"The index of {entries:N0} entries takes up to {needed >> 20} MB on the disk while it is made, and {free >> 20} MB are free; make room, or write to another disk.");
    }

    private static long FreeSpace(string folder) => new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;

    /// <summary>The tokens of a sequence as they come.</summary>
    private sealed class SequenceBuffer(int kinds)
    {
        private readonly List<int> _ids = [];
        private readonly List<byte> _counted = [];
        private readonly List<byte>[] _labels = [.. Enumerable.Range(0, kinds).Select(_ => new List<byte>())];
        private (long Document, int First) _of;

        public bool Continues(long document, int first) => _ids.Count == 0 || _of == (document, first);

        public void Add(long document, int first, DuckRows rows, int row)
        {
            _of = (document, first);
            _ids.Add(rows.Column<int>(2)[row]);
            _counted.Add(rows.Column<byte>(3)[row]);
            for (var k = 0; k < kinds; k++) _labels[k].Add(rows.Column<byte>(4 + k)[row]);
        }

        public void Flush(IndexWriter writer)
        {
            if (_ids.Count == 0) return;
            writer.AddSequence(_of.Document, CollectionsMarshal.AsSpan(_ids), CollectionsMarshal.AsSpan(_counted), [.. _labels.Select(l => l.ToArray())]);
            _ids.Clear();
            _counted.Clear();
            foreach (var labels in _labels) labels.Clear();
        }
    }
}
