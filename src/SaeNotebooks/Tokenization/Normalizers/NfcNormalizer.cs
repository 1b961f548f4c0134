namespace SaeNotebooks.Tokenization.Normalizers;

/// <summary>Unicode normalisation form C.</summary>
internal sealed class NfcNormalizer : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        if (Nfc.IsPlain(text.Text)) return text;
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
