using DuckDB.NET.Native;
using SaeNotebooks.Features;
using SaeNotebooks.Harvest.Duck;

namespace SaeNotebooks.Harvest.Parts;

/// <summary>Writes encoded blocks as Parquet: one file with the text, one per SAE with a row (latent, document, position, value) per entry.</summary>
internal sealed class PartWriter(string folder, IReadOnlyList<LabelKind> kinds) : IDisposable
{
    private static readonly DuckDBType[] EntryTypes = [DuckDBType.Integer, DuckDBType.BigInt, DuckDBType.Integer, DuckDBType.Float];
    private static readonly DuckDBType[] TextTypes = [DuckDBType.BigInt, DuckDBType.Integer, DuckDBType.Integer, DuckDBType.Integer, DuckDBType.UnsignedTinyInt];

    private readonly DuckSession _duck = new(Path.Combine(folder, "spill"));

    /// <summary>The column of a kind of labels.</summary>
    public static string LabelColumn(int kind) => $"label_{kind}";

    /// <summary>Writes the files of a block; they mean nothing before the shard's list has them.</summary>
    public void Write(EncodedBlock encoded, ShardFolder shard)
    {
        var number = encoded.Block.Number;
        WriteText(encoded, shard.TextFile(number));
        for (var sae = 0; sae < encoded.Firings.Count; sae++) WriteEntries(encoded.Firings[sae], shard.EntriesFile(number, sae));
    }

    public void Dispose() => _duck.Dispose();

    private void WriteEntries(Firings firings, string file)
    {
        _duck.Execute("CREATE OR REPLACE TEMP TABLE entries (latent INTEGER, document BIGINT, position INTEGER, value FLOAT)");
        _duck.Append("entries", EntryTypes, firings.Count, (column, from, count, memory) =>
        {
            switch (column)
            {
                case 0: Copy(firings.Latents, from, count, memory); break;
                case 1: Copy(firings.Documents, from, count, memory); break;
                case 2: Copy(firings.Positions, from, count, memory); break;
                default: Copy(firings.Values, from, count, memory); break;
            }
        });
        Save("entries", file);
    }

    private void WriteText(EncodedBlock encoded, string file)
    {
        var sequences = encoded.Block.Sequences;
        long[] documents = [.. sequences.SelectMany(s => Enumerable.Repeat(s.Document, s.Ids.Length))];
        int[] positions = [.. sequences.SelectMany(s => Enumerable.Range(s.First, s.Ids.Length))], firsts = [.. sequences.SelectMany(s => Enumerable.Repeat(s.First, s.Ids.Length))];
        int[] ids = [.. sequences.SelectMany(s => s.Ids)];
        byte[][] bytes = [[.. encoded.Counted.SelectMany(c => c)], .. kinds.Select((_, k) => sequences.SelectMany(s => s.Labels[k]).ToArray())];
        _duck.Execute("CREATE OR REPLACE TEMP TABLE text (document BIGINT, position INTEGER, sequence INTEGER, token INTEGER, counted UTINYINT" +
            $"{string.Concat(kinds.Select((_, k) => $", {LabelColumn(k)} UTINYINT"))})");
        _duck.Append("text", [.. TextTypes, .. kinds.Select(_ => DuckDBType.UnsignedTinyInt)], ids.Length, (column, from, count, memory) =>
        {
            switch (column)
            {
                case 0: Copy<long>(documents, from, count, memory); break;
                case 1: Copy<int>(positions, from, count, memory); break;
                case 2: Copy<int>(firsts, from, count, memory); break;
                case 3: Copy<int>(ids, from, count, memory); break;
                default: Copy<byte>(bytes[column - 4], from, count, memory); break;
            }
        });
        Save("text", file);
    }

    private void Save(string table, string file)
    {
        _duck.Execute($"COPY {table} TO {DuckSession.Text(file)} (FORMAT parquet, COMPRESSION zstd)");
        _duck.Execute($"DROP TABLE {table}");
    }

    private static unsafe void Copy<T>(ReadOnlySpan<T> values, int from, int count, IntPtr memory) where T : unmanaged => values.Slice(from, count).CopyTo(new Span<T>((void*)memory, count));
}
