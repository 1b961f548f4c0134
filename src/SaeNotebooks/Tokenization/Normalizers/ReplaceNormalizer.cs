using SaeNotebooks.Tokenization.Patterns;

namespace SaeNotebooks.Tokenization.Normalizers;

/// <summary>Puts a fixed text in the place of every match.</summary>
internal sealed class ReplaceNormalizer(ITextPattern pattern, string content) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        var result = new AlignedTextBuilder(text);
        var done = 0;
        foreach (var (start, length) in pattern.Matches(text.Text))
        {
            result.Copy(done, start - done);
            result.Put(content, start, length);
            done = start + length;
        }
        if (done == 0) return text;
        result.Copy(done, text.Text.Length - done);
        return result.ToText();
    }
}
