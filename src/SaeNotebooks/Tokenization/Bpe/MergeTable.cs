using SaeNotebooks.Checkpoints;

namespace SaeNotebooks.Tokenization.Bpe;

/// <summary>Which pairs of tokens merge into which token, and which pair goes first: the one of lower rank.</summary>
internal sealed class MergeTable
{
    private readonly Dictionary<(int Left, int Right), (int Rank, int Id)> _merges = [];

    private MergeTable() { }

    public bool TryGet(int left, int right, out (int Rank, int Id) merge) => _merges.TryGetValue((left, right), out merge);

    /// <summary>From the list that byte-pair training writes, the first to merge first.</summary>
    /// <exception cref="CheckpointException">a merge of, or into, a token that the vocabulary lacks; a pair that is there twice</exception>
    public static MergeTable FromList(IEnumerable<(string Left, string Right)> merges, Vocabulary vocabulary, string file)
    {
        var table = new MergeTable();
        foreach (var (left, right) in merges)
        {
            int Id(string text) => vocabulary.IdOf(text)
                ?? throw new CheckpointException(file, $"{left} {right}", $"merges '{text}', which is not in the vocabulary");
            if (!table._merges.TryAdd((Id(left), Id(right)), (table._merges.Count, Id(left + right))))
                throw new CheckpointException(file, $"{left} {right}", "is among the merges twice");
        }
        return table;
    }

    /// <summary>
    /// From ranks alone, as tiktoken and SentencePiece have it: any two tokens merge if together they are one, and of all such pairs
    /// first the one whose result has the lowest rank.
    /// </summary>
    public static MergeTable FromRanks(IEnumerable<(string Text, int Rank)> ranks, Vocabulary vocabulary)
    {
        var table = new MergeTable();
        foreach (var (text, rank) in ranks)
            for (var cut = 1; cut < text.Length; cut++)
            {
                if (char.IsLowSurrogate(text[cut])) continue;
                if (vocabulary.IdOf(text.AsSpan(0, cut)) is { } left && vocabulary.IdOf(text.AsSpan(cut)) is { } right)
                    table._merges[(left, right)] = (rank, vocabulary.IdOf(text)!.Value);
            }
        return table;
    }
}
