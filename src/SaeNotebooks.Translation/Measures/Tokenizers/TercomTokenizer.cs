using System.Text.RegularExpressions;

namespace SaeNotebooks.Translation.Measures.Tokenizers;

/// <summary>The tokenizer of Tercom (Snover et al. 2006), by default lower case divided at white space.</summary>
/// <param name="Normalized">separate punctuation and possessive 's, by the rules of 13a</param>
/// <param name="NoPunctuation">remove punctuation</param>
/// <param name="AsianSupport">with the other two: separate ideographs and treat Asian punctuation likewise</param>
/// <param name="CaseSensitive">keep case</param>
internal sealed partial record TercomTokenizer(bool Normalized, bool NoPunctuation, bool AsianSupport, bool CaseSensitive)
{
    /// <summary>The words of a segment, in order.</summary>
    public string[] Tokenize(string segment)
    {
        var text = PythonText.TrimEnd(segment);
        if (!CaseSensitive) text = PythonText.Lower(text);
        if (Normalized) text = Normalise(text);
        if (Normalized && AsianSupport) text = AsianPunctuation().Replace(Ideograph().Replace(text, " $0 "), " $0 ");
        if (NoPunctuation) text = Punctuation().Replace(text, "");
        if (NoPunctuation && AsianSupport) text = AsianPunctuation().Replace(text, "");
        return [.. PythonText.Words(text)];
    }

    private static string Normalise(string text)
    {
        text = $" {Tokenizer13a.Unescaped(text.Replace("\n-", "").Replace('\n', ' '))} ";
        text = Tokenizer13a.Symbol().Replace(text, " $1 ").Replace("'s ", " 's ");
        return Tokenizer13a.StopsAndHyphens(text);
    }

    // Tercom also means to separate runs of kana, but its pattern asks for the beginning of the text twice and so never matches.
    [GeneratedRegex("[\u2e80-\u2eff\u31c0-\u31ef\u3200-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f]")]
    private static partial Regex Ideograph();

    [GeneratedRegex("[\u3001\u3002\u3008-\u3011\u3014-\u301f\u30fb\uff01\uff02\uff08\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\uff61-\uff65]")]
    private static partial Regex AsianPunctuation();

    [GeneratedRegex("""[.,?:;!"()]""")]
    private static partial Regex Punctuation();
}
