using System.Text;

namespace SaeNotebooks.Tokenization.Unigram;

/// <summary>
/// The unigram language model of SentencePiece (Kudo 2018, equations 1 and 2): of all ways to cut a text into pieces of the vocabulary, the one whose
/// pieces' log-probabilities have the largest sum, found by Viterbi's algorithm.
/// </summary>
internal sealed class UnigramModel : ITokenModel
{
    private const double UnknownPenalty = 10; // SentencePiece's kUnkPenalty: an unknown character costs this more than the rarest piece
    private readonly Dictionary<string, (int Id, double Score)>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly int _unknown, _longest;
    private readonly double _unknownScore;

    /// <param name="pieces">the ordinary pieces: text, id, log-probability</param>
    /// <param name="unknown">the id of runs of characters that no piece has</param>
    public UnigramModel(IReadOnlyCollection<(string Text, int Id, double Score)> pieces, int unknown)
    {
        _lookup = pieces.ToDictionary(p => p.Text, p => (p.Id, p.Score), StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _unknown = unknown;
        _unknownScore = pieces.Min(p => p.Score) - UnknownPenalty;
        _longest = pieces.Max(p => p.Text.Length);
    }

    public IReadOnlyList<Symbol> Encode(string piece)
    {
        var symbols = new List<Symbol>();
        var ends = BestEnds(piece);
        for (var end = piece.Length; end > 0; end = ends[end].Start) symbols.Add(ends[end]);
        symbols.Reverse();
        return FuseUnknown(symbols);
    }

    /// <summary>For each place where a piece may end, the last piece of the best way to get there; of equal ways, the one whose last piece is longest.</summary>
    private Symbol[] BestEnds(string text)
    {
        var last = new Symbol[text.Length + 1];
        var score = new double[text.Length + 1];
        score.AsSpan(1).Fill(double.NegativeInfinity);
        for (int start = 0, rune; start < text.Length; start += rune)
        {
            rune = Rune.GetRuneAt(text, start).Utf16SequenceLength;
            void Offer(int id, int length, double piece)
            {
                if (!(score[start] + piece > score[start + length])) return;
                score[start + length] = score[start] + piece;
                last[start + length] = new Symbol(id, start, length);
            }
            var hasCharacter = false;
            for (var length = 1; length <= Math.Min(_longest, text.Length - start); length++)
            {
                if (!_lookup.TryGetValue(text.AsSpan(start, length), out var piece)) continue;
                Offer(piece.Id, length, piece.Score);
                hasCharacter |= length == rune;
            }
            if (!hasCharacter) Offer(_unknown, rune, _unknownScore);
        }
        return last;
    }

    /// <summary>Neighbouring unknown characters are one token.</summary>
    private List<Symbol> FuseUnknown(List<Symbol> symbols)
    {
        var fused = new List<Symbol>(symbols.Count);
        foreach (var symbol in symbols)
        {
            if (symbol.Id == _unknown && fused.Count > 0 && fused[^1].Id == _unknown) fused[^1] = fused[^1].Joined(symbol, _unknown);
            else fused.Add(symbol);
        }
        return fused;
    }
}
