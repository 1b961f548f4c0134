using System.Runtime.InteropServices;
using SaeNotebooks.Features;
using SaeNotebooks.Harvest.Corpora;
using SaeNotebooks.Saes;
using SaeNotebooks.Tokenization;

namespace SaeNotebooks.Harvest;

/// <summary>A document, or a piece of one that is longer than the context.</summary>
/// <param name="Document">its number in the corpus</param>
/// <param name="First">where in the document's tokens, all pieces' BOS included, it begins</param>
/// <param name="Ids">what the model reads</param>
/// <param name="Labels">by kind, of each token</param>
internal sealed record HarvestSequence(long Document, int First, int[] Ids, IReadOnlyList<byte[]> Labels)
{
    /// <summary>A document in pieces that fit; each begins as the document does if that is with BOS.</summary>
    public static IEnumerable<HarvestSequence> Of(long document, LabelledTokens tokens, ITokenizer tokenizer, int most)
    {
        int[] ids = [.. tokens.Ids];
        var begin = ids.Length > 0 && ids[0] == tokenizer.Bos ? 1 : 0;
        for (int at = begin, first = 0; at < ids.Length;)
        {
            var count = Math.Min(most - begin, ids.Length - at);
            int[] piece = [.. ids[..begin], .. ids[at..(at + count)]];
            yield return new(document, first, piece, [.. tokens.Labels.Select(l => (byte[])[.. at == begin ? l[..begin] : Unlabelled(begin), .. l[at..(at + count)]])]);
            (at, first) = (at + count, first + piece.Length);
        }
    }

    private static byte[] Unlabelled(int count) => [.. Enumerable.Repeat(LabelKind.None, count)];
}

/// <summary>Documents that are encoded and saved together.</summary>
/// <param name="Number">from 0</param>
/// <param name="Documents">how many documents, empty ones included</param>
/// <param name="Sequences">in the order of the corpus</param>
internal sealed record Block(long Number, int Documents, IReadOnlyList<HarvestSequence> Sequences)
{
    public long Tokens => Sequences.Sum(s => (long)s.Ids.Length);
}

/// <summary>A block with what fires in it.</summary>
internal sealed class EncodedBlock(Block block, int saes)
{
    public Block Block => block;

    /// <summary>By sequence and token 1 if it was encoded, else 0.</summary>
    public IReadOnlyList<byte[]> Counted { get; } = [.. block.Sequences.Select(s => new byte[s.Ids.Length])];

    /// <summary>By SAE.</summary>
    public IReadOnlyList<Firings> Firings { get; } = [.. Enumerable.Range(0, saes).Select(_ => new Firings())];

    /// <summary>Notes which tokens of a batch are encoded, and says where they stand.</summary>
    public (long Document, int Position)[] Count(long[] rows, int[] sequences, int width) => [.. rows.Select(row =>
    {
        var (sequence, position) = (sequences[row / width], (int)(row % width)); // batches are padded on the right
        Counted[sequence][position] = 1;
        return (block.Sequences[sequence].Document, block.Sequences[sequence].First + position);
    })];
}

/// <summary>Entries of one SAE in a block, column by column.</summary>
internal sealed class Firings
{
    private readonly List<int> _latents = [], _positions = [];
    private readonly List<long> _documents = [];
    private readonly List<float> _values = [];

    public int Count => _latents.Count;

    public ReadOnlySpan<int> Latents => CollectionsMarshal.AsSpan(_latents);

    public ReadOnlySpan<long> Documents => CollectionsMarshal.AsSpan(_documents);

    public ReadOnlySpan<int> Positions => CollectionsMarshal.AsSpan(_positions);

    public ReadOnlySpan<float> Values => CollectionsMarshal.AsSpan(_values);

    public void Add((long Document, int Position)[] places, SparseLatents latents)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var (ids, values) = (latents.Ids.cpu().data<long>().ToArray(), latents.Values.cpu().data<float>().ToArray());
        _values.AddRange(values);
        foreach (var id in ids) _latents.Add((int)id);
        for (var token = 0; token < places.Length; token++)
            for (var i = latents.Offsets[token]; i < latents.Offsets[token + 1]; i++)
            {
                _documents.Add(places[token].Document);
                _positions.Add(places[token].Position);
            }
    }
}
