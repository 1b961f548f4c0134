using SaeNotebooks.Tokenization.Patterns;

namespace SaeNotebooks.Tokenization.PreTokenizers;

/// <summary>Splits at every match of a pattern, or at what lies between the matches if it is inverted.</summary>
internal sealed class SplitPreTokenizer(ITextPattern pattern, SplitBehavior behavior, bool isInverted = false) : IPreTokenizer
{
    public IEnumerable<AlignedText> Split(AlignedText piece) => Join(Parts(piece.Text)).Select(p => piece.Slice(p.Start, p.Length));

    private IEnumerable<(int Start, int Length, bool IsMatch)> Parts(string text)
    {
        var done = 0;
        foreach (var (start, length) in pattern.Matches(text))
        {
            if (start > done) yield return (done, start - done, isInverted);
            yield return (start, length, !isInverted);
            done = start + length;
        }
        if (done < text.Length) yield return (done, text.Length - done, isInverted);
    }

    private IEnumerable<(int Start, int Length)> Join(IEnumerable<(int Start, int Length, bool IsMatch)> parts)
    {
        var joined = new List<(int Start, int Length)>();
        var previous = false; // whether the part before is a match
        foreach (var (start, length, isMatch) in parts)
        {
            if (isMatch && behavior == SplitBehavior.Removed) continue;
            if (joined.Count > 0 && Belongs(previous, isMatch)) joined[^1] = (joined[^1].Start, joined[^1].Length + length);
            else joined.Add((start, length));
            previous = isMatch;
        }
        return joined;
    }

    /// <summary>Whether a part belongs to the piece before it. Of several matches in a row, only the one beside other text joins
    /// it.</summary>
    private bool Belongs(bool afterMatch, bool isMatch) => behavior switch
    {
        SplitBehavior.Contiguous => afterMatch == isMatch,
        SplitBehavior.MergedWithPrevious => isMatch && !afterMatch,
        SplitBehavior.MergedWithNext => afterMatch && !isMatch,
        _ => false,
    };
}
