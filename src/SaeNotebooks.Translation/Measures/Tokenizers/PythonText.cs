using System.Globalization;
using System.Text;

namespace SaeNotebooks.Translation.Measures.Tokenizers;

/// <summary>What Python's <c>str</c> means by white space and lower case: sacreBLEU's scores depend on both, and .NET differs in a few characters.</summary>
internal static class PythonText
{
    private static readonly Rune Sigma = new('Σ');

    /// <summary>Python's <c>str.isspace</c>: Unicode's white space and the separators U+001C to U+001F.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f';

    /// <summary>Python's <c>str.split()</c>: the pieces between white space, none of them empty.</summary>
    public static List<string> Words(string text)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            while (i < text.Length && IsSpace(text[i])) i++;
            var start = i;
            while (i < text.Length && !IsSpace(text[i])) i++;
            if (i > start) words.Add(text[start..i]);
        }
        return words;
    }

    /// <summary>Python's <c>str.rstrip()</c>.</summary>
    public static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1])) end--;
        return text[..end];
    }

    /// <summary>Python's <c>str.strip()</c>.</summary>
    public static string Trim(string text)
    {
        var start = 0;
        while (start < text.Length && IsSpace(text[start])) start++;
        return TrimEnd(text[start..]);
    }

    /// <summary>
    /// Python's <c>str.lower()</c>: full case mapping, which differs from the simple one in İ, a letter that becomes two characters, and
    /// in Σ, which becomes ς at the end of a word (Unicode 3.13, Final_Sigma).
    /// </summary>
    public static string Lower(string text)
    {
        if (!text.Contains('İ') && !text.Contains('Σ')) return text.ToLowerInvariant();
        Rune[] runes = [.. text.EnumerateRunes()];
        var lower = new StringBuilder(text.Length + 1);
        for (var i = 0; i < runes.Length; i++)
            if (runes[i].Value == 'İ') lower.Append("i\u0307");
            else lower.Append(runes[i] == Sigma && IsFinal(runes, i) ? new Rune('ς') : Rune.ToLowerInvariant(runes[i]));
        return lower.ToString();
    }

    private static bool IsFinal(Rune[] runes, int at) =>
        IsCased(runes[..at].Reverse().FirstOrDefault(r => !IsCaseIgnorable(r))) && !IsCased(runes[(at + 1)..].FirstOrDefault(r => !IsCaseIgnorable(r)));

    private static bool IsCased(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;

    /// <summary>Case_Ignorable: marks, format and modifier characters, and punctuation inside of words.</summary>
    private static bool IsCaseIgnorable(Rune rune) => "'.:^`¨­·՟״‘’․‧︓﹒﹕＇．：".Contains(rune.ToString(), StringComparison.Ordinal)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
