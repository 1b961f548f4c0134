namespace SaeNotebooks.Tokenization.Normalizers;

/// <summary>Unicode normalisation form C.</summary>
internal sealed class NfcNormalizer : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        var normalized = Nfc.Normalize(text.Text);
        if (normalized == text.Text) return text;
        return text.Origins is null ? text with { Text = normalized } : BySegments(text);
    }

    private static AlignedText BySegments(AlignedText text)
    {
        var result = new AlignedTextBuilder(text);
        foreach (var (start, length) in Nfc.Segments(text.Text))
        {
            var segment = text.Text.Substring(start, length);
            var normalized = Nfc.Normalize(segment);
            if (normalized == segment) result.Copy(start, length);
            else result.Put(normalized, start, length);
        }
        return result.ToText();
    }
}
