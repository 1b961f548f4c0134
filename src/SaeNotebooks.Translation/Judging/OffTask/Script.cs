using System.Text;

namespace SaeNotebooks.Translation.Judging.OffTask;

/// <summary>Scripts that tell languages apart by themselves, or nearly.</summary>
public enum Script
{
    /// <summary>Latin.</summary>
    Latin,
    /// <summary>Cyrillic.</summary>
    Cyrillic,
    /// <summary>Arabic.</summary>
    Arabic,
    /// <summary>Chinese characters, in Chinese and Japanese.</summary>
    Han,
    /// <summary>Hiragana and katakana.</summary>
    Kana,
    /// <summary>Hangul.</summary>
    Hangul,
    /// <summary>Any other.</summary>
    Other,
}

/// <summary>How much of a text is in each script.</summary>
public static class Scripts
{
    /// <summary>What a Chinese character or a kana counts beside a word of an alphabet: about two of them make a word.</summary>
    private const double Character = 0.5;

    /// <summary>The script of a letter, by Unicode's blocks.</summary>
    public static Script Of(Rune letter) => letter.Value switch
    {
        < 0x0250 or (>= 0x1E00 and < 0x1F00) or (>= 0xFF21 and <= 0xFF5A) => Script.Latin,
        (>= 0x0400 and < 0x0530) or (>= 0x1C80 and < 0x1C90) or (>= 0x2DE0 and < 0x2E00) or (>= 0xA640 and < 0xA6A0) => Script.Cyrillic,
        (>= 0x0600 and < 0x0780) or (>= 0x08A0 and < 0x0900) or (>= 0xFB50 and < 0xFE00) or (>= 0xFE70 and < 0xFF00) => Script.Arabic,
        (>= 0x3041 and < 0x3100) or (>= 0x31F0 and < 0x3200) or (>= 0xFF66 and < 0xFFA0) => Script.Kana,
        (>= 0x1100 and < 0x1200) or (>= 0x3130 and < 0x3190) or (>= 0xAC00 and < 0xD7B0) => Script.Hangul,
        (>= 0x3400 and < 0xA000) or 0x3005 or (>= 0xF900 and < 0xFB00) or (>= 0x20000 and < 0x32000) => Script.Han,
        _ => Script.Other,
    };

    /// <summary>Counts words by script; of Chinese characters and kana, of which each is a token, two make a word.</summary>
    public static IReadOnlyDictionary<Script, double> Count(IEnumerable<string> tokens) => tokens
        .Select(t => Rune.GetRuneAt(t, 0)).Where(Rune.IsLetter).Select(Of)
        .GroupBy(s => s).ToDictionary(g => g.Key, g => g.Count() * (g.Key is Script.Han or Script.Kana ? Character : 1));
}
