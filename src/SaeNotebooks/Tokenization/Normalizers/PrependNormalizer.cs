namespace SaeNotebooks.Tokenization.Normalizers;

/// <summary>Puts a fixed text before every text that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        if (text.Text.Length == 0) return text;
        var result = new AlignedTextBuilder(text);
        result.Put(prefix, 0, 0);
        result.Copy(0, text.Text.Length);
        return result.ToText();
    }
}
