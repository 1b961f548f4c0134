using System.Text.RegularExpressions;

namespace SaeNotebooks.Translation.Judging.OffTask;

/// <summary>The words of a text in any language, for counting: runs of letters, numbers, and single Chinese characters and kana.</summary>
internal static partial class Tokens
{
    /// <summary>The tokens in order, as they are written.</summary>
    public static List<string> Of(string text) => [.. Token().Matches(text).Select(m => m.Value)];

    /// <summary>Whether a token is a Chinese character or a kana.</summary>
    public static bool IsCharacter(string token) => Scripts.Of(System.Text.Rune.GetRuneAt(token, 0)) is Script.Han or Script.Kana;

    /// <summary>How much is said, in letters of an alphabet; a Chinese character or kana says as much as three.</summary>
    public static int Length(string text) => Of(text).Sum(t => IsCharacter(t) ? 3 : t.Length);

    /// <summary>Letters but for Chinese characters and kana, which stand alone: Ctrl+Cで are three tokens.</summary>
    private const string Letters = @"[\p{L}\p{M}-[\u3005\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]]+";

    [GeneratedRegex(@"[\u3005\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]|[\ud840-\ud8bf][\udc00-\udfff]|" + Letters + "(?:['’]" + Letters + @")*|\p{N}+")]
    private static partial Regex Token();
}
