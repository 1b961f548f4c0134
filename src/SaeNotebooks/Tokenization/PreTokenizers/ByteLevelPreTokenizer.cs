using SaeNotebooks.Tokenization.Normalizers;
using SaeNotebooks.Tokenization.Patterns;

namespace SaeNotebooks.Tokenization.PreTokenizers;

/// <summary>Writes each piece as its UTF-8 bytes, in the alphabet of GPT-2 (Radford et al. 2019), after cutting it with GPT-2's
/// pattern if so asked.</summary>
internal sealed class ByteLevelPreTokenizer(bool usesPattern, bool addsSpace) : IPreTokenizer
{
    private static readonly SplitPreTokenizer Words = new(new RegexPattern(RegexPattern.Gpt2), SplitBehavior.Isolated);
    private static readonly PrependNormalizer Space = new(" ");

    public IEnumerable<AlignedText> Split(AlignedText piece)
    {
        if (addsSpace && !piece.Text.StartsWith(' ')) piece = Space.Normalize(piece);
        return usesPattern ? Words.Split(piece).Select(ToBytes) : [ToBytes(piece)];
    }

    private static AlignedText ToBytes(AlignedText piece)
    {
        if (piece.Origins is null) return piece with { Text = ByteAlphabet.Encode(piece.Text) };
        var result = new AlignedTextBuilder(piece);
        var at = 0;
        Span<char> units = stackalloc char[2];
        foreach (var rune in piece.Text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf16(units);
            result.Put(ByteAlphabet.Encode(units[..length]), at, length);
            at += length;
        }
        return result.ToText();
    }
}
