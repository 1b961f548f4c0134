using System.Text.RegularExpressions;

namespace SaeNotebooks.Translation.Measures.Tokenizers;

/// <summary>The tokenizer of NIST's mteval-v13a, which WMT uses.</summary>
internal sealed partial class Tokenizer13a : SegmentTokenizer
{
    public override string Name => "13a";

    private protected override string Separate(string segment) => ByWesternRules($" {Unescaped(segment.Replace("<skipped>", "").Replace("-\n", "").Replace('\n', ' '))} ");

    /// <summary>Replaces the four entities of mteval's SGML.</summary>
    public static string Unescaped(string text) => text.Replace("&quot;", "\"").Replace("&amp;", "&").Replace("&lt;", "<").Replace("&gt;", ">");

    /// <summary>Separates ASCII symbols; full stops and commas, but for those between digits; hyphens after digits.</summary>
    public static string ByWesternRules(string text) => StopsAndHyphens(Symbol().Replace(text, " $1 "));

    /// <summary>The second part of the rules: full stops and commas, but for those between digits; hyphens after digits.</summary>
    public static string StopsAndHyphens(string text)
    {
        text = StopAfterOther().Replace(text, "$1 $2 ");
        text = StopBeforeOther().Replace(text, " $1 $2");
        return HyphenAfterDigit().Replace(text, "$1 $2 ");
    }

    /// <summary>All of ASCII's punctuation and symbols but for ' , - and the full stop; and the space.</summary>
    [GeneratedRegex(@"([ -&(-+/:-@\[-`{-~])")]
    public static partial Regex Symbol();

    [GeneratedRegex("([^0-9])([.,])")]
    private static partial Regex StopAfterOther();

    [GeneratedRegex("([.,])([^0-9])")]
    private static partial Regex StopBeforeOther();

    [GeneratedRegex("([0-9])(-)")]
    private static partial Regex HyphenAfterDigit();
}
