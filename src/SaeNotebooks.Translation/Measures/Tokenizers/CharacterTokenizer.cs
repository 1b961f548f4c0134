namespace SaeNotebooks.Translation.Measures.Tokenizers;

/// <summary>Every code point but for white space is a token.</summary>
internal sealed class CharacterTokenizer : SegmentTokenizer
{
    public override string Name => "char";

    private protected override string Separate(string segment) => string.Join(' ', segment.EnumerateRunes());
}

/// <summary>What stands between white space is a token.</summary>
internal sealed class PlainTokenizer : SegmentTokenizer
{
    public override string Name => "none";

    private protected override string Separate(string segment) => segment;
}
