using SaeNotebooks.Tokenization.Patterns;

namespace SaeNotebooks.Tokenization.PreTokenizers;

/// <summary>Parts numbers from other text, and digits from each other if they are to stand alone.</summary>
internal sealed class DigitsPreTokenizer(bool areIndividual) : IPreTokenizer
{
    private readonly SplitPreTokenizer _split = new(new RegexPattern(areIndividual ? @"\p{N}" : @"\p{N}+"), SplitBehavior.Isolated);

    public IEnumerable<AlignedText> Split(AlignedText piece) => _split.Split(piece);
}
