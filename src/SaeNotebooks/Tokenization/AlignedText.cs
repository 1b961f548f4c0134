using System.Text;

namespace SaeNotebooks.Tokenization;

/// <summary>A text on its way to becoming tokens, which remembers where in the original each UTF-16 code unit came from.</summary>
/// <param name="Text">the text as it is now</param>
/// <param name="Origins">for each code unit, the part of the original that it stands for; null if nobody will ask</param>
/// <param name="BeginsText">whether it is the beginning of the whole text</param>
internal sealed record AlignedText(string Text, (int Start, int End)[]? Origins, bool BeginsText)
{
    /// <summary>A text as the caller gave it. Lone surrogates, which have no UTF-8, become U+FFFD.</summary>
    public static AlignedText Of(string text, bool withOrigins)
    {
        var origins = withOrigins ? new (int, int)[text.Length] : null;
        if (origins is not null)
            for (var i = 0; i < origins.Length; i++) origins[i] = (i, i + 1);
        return new AlignedText(WellFormed(text), origins, BeginsText: true);
    }

    public AlignedText Slice(int start, int length)
    {
        if (length == Text.Length) return this;
        return new AlignedText(Text.Substring(start, length), Origins?[start..(start + length)], BeginsText && start == 0);
    }

    /// <summary>The part of the original that some code units, at least one, stand for.</summary>
    public (int Start, int End) OriginOf(int start, int length) => (Origins![start].Start, Origins[start + length - 1].End);

    private static string WellFormed(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return text;
        var repaired = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) repaired.Append(rune.ToString());
        return repaired.ToString();
    }
}
