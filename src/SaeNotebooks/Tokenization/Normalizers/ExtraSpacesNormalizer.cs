namespace SaeNotebooks.Tokenization.Normalizers;

/// <summary>Takes off the spaces at both ends and all but one of those in a row, as SentencePiece does (<c>remove_extra_whitespaces</c>).</summary>
/// <param name="mark">the character that stands for a space in the vocabulary; at the end it is taken for one</param>
internal sealed class ExtraSpacesNormalizer(char mark) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        var end = text.Text.AsSpan().TrimEnd([' ', mark]).Length;
        var result = new AlignedTextBuilder(text);
        for (var i = 0; i < end; i++)
            if (text.Text[i] != ' ' || i > 0 && text.Text[i - 1] != ' ') result.Copy(i, 1);
        return result.ToText();
    }
}
