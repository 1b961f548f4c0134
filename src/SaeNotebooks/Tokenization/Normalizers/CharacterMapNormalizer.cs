using System.Text;

namespace SaeNotebooks.Tokenization.Normalizers;

/// <summary>Puts in the place of every key of a table its replacement; where several keys fit, of the longest.</summary>
internal sealed class CharacterMapNormalizer(CharacterMap map) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        var result = new AlignedTextBuilder(text);
        ReadOnlySpan<byte> left = Encoding.UTF8.GetBytes(text.Text);
        for (var at = 0; at < text.Text.Length;)
        {
            var replaced = map.Longest(left);
            var bytes = replaced?.Length ?? Rune.GetRuneAt(text.Text, at).Utf8SequenceLength;
            var units = Encoding.UTF8.GetCharCount(left[..bytes]);
            if (replaced is var (_, replacement)) result.Put(replacement, at, units);
            else result.Copy(at, units);
            left = left[bytes..];
            at += units;
        }
        return result.ToText();
    }
}
