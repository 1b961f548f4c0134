using System.Text;

namespace SaeNotebooks.Translation.Measures.Tokenizers;

/// <summary>sacreBLEU's tokenizer for Chinese: Chinese characters stand alone, and the rest is divided by the rules of 13a.</summary>
internal sealed class ChineseTokenizer : SegmentTokenizer
{
    /// <summary>
    /// What sacreBLEU takes for Chinese. Its ranges U+20000–U+2A6D6 and U+2F800–U+2FA1D are written with four digits, so that they cover
    /// U+2001–U+2A6D (dashes, quotation marks, arrows, mathematics) and U+2F81–U+2FA1 instead, and no character beyond U+FFFF.
    /// </summary>
    private static readonly (char First, char Last)[] Ranges =
    [
        ('\u2001', '\u2a6d'), ('\u2e80', '\u2eff'), ('\u2f00', '\u2fdf'), ('\u2ff0', '\u303f'), ('\u3100', '\u312f'), ('\u31a0', '\u31bf'),
        ('\u31c0', '\u31ef'), ('\u3200', '\u33ff'), ('\u3400', '\u4db5'), ('\u4e00', '\u9fbb'), ('\uf900', '\ufa2d'), ('\ufa30', '\ufa6a'),
        ('\ufa70', '\ufad9'), ('\ufe10', '\ufe1f'), ('\ufe30', '\ufe4f'), ('\uff00', '\uffef'),
    ];

    public override string Name => "zh";

    private protected override string Separate(string segment)
    {
        var separated = new StringBuilder(2 * segment.Length);
        foreach (var c in PythonText.Trim(segment))
            if (IsChinese(c)) separated.Append(' ').Append(c).Append(' ');
            else separated.Append(c);
        return Tokenizer13a.ByWesternRules(separated.ToString());
    }

    private static bool IsChinese(char c)
    {
        foreach (var (first, last) in Ranges)
            if (c >= first && c <= last) return true;
        return false;
    }
}
