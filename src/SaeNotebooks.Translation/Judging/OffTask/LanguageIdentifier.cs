using System.Collections.Frozen;
using System.Text;
using Lingua;
using Detected = Lingua.Language;

namespace SaeNotebooks.Translation.Judging.OffTask;

/// <summary>
/// Tells the language of a text, short ones too: Chinese, Japanese and Korean by their scripts, the others by Lingua's n-gram models among
/// the languages of the script. Models are read from the files beside the library when they are first needed. Safe for several threads.
/// </summary>
public sealed class LanguageIdentifier
{
    // Beside the languages of the repository, those that models slip into instead of them.
    private static readonly FrozenDictionary<string, (Script Script, Detected Language)> ByCode = new Dictionary<string, (Script Script, Detected Language)>
    {
        ["ar"] = (Script.Arabic, Detected.Arabic), ["de"] = (Script.Latin, Detected.German), ["en"] = (Script.Latin, Detected.English),
        ["es"] = (Script.Latin, Detected.Spanish), ["fa"] = (Script.Arabic, Detected.Persian), ["fr"] = (Script.Latin, Detected.French),
        ["it"] = (Script.Latin, Detected.Italian), ["ja"] = (Script.Kana, Detected.Japanese), ["ko"] = (Script.Hangul, Detected.Korean),
        ["nl"] = (Script.Latin, Detected.Dutch), ["pt"] = (Script.Latin, Detected.Portuguese), ["ru"] = (Script.Cyrillic, Detected.Russian),
        ["uk"] = (Script.Cyrillic, Detected.Ukrainian), ["vi"] = (Script.Latin, Detected.Vietnamese), ["zh"] = (Script.Han, Detected.Chinese),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Detected, string> Names = ByCode.ToFrozenDictionary(p => p.Value.Language, p => p.Key);

    private static readonly Lazy<LanguageIdentifier> One = new(() => new());

    private readonly LanguageDetector _detector = LanguageDetectorBuilder.FromLanguages([.. ByCode.Values.Where(v => v.Script < Script.Han).Select(v => v.Language)])
        .WithLanguageModelsDirectory(ModelFolder).Build();

    private LanguageIdentifier() { }

    /// <summary>The one there is: its models take some 200 MB of memory.</summary>
    public static LanguageIdentifier Shared => One.Value;

    /// <summary>Codes of the languages that it knows (ISO 639-1).</summary>
    public static IReadOnlyList<string> Codes { get; } = [.. ByCode.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The scripts that a language is written in.</summary>
    /// <exception cref="ArgumentException">an unknown code</exception>
    public static IReadOnlyList<Script> ScriptsOf(string language) =>
        ByCode[Known(language)].Script is var script && script == Script.Kana ? [Script.Kana, Script.Han] : [script];

    /// <summary>The code itself.</summary>
    /// <exception cref="ArgumentException">an unknown code; the message lists the known ones</exception>
    public static string Known(string language) => ByCode.ContainsKey(language) ? language
        : throw new ArgumentException($"'{language}' is the code of no language that can be told apart from others; known are {string.Join(", ", Codes)}.", nameof(language));

    /// <summary>The likeliest language, or null if the text has no letters or is in a script of none of them.</summary>
    public string? Identify(string text) => Likelihoods(text) is { Count: > 0 } all ? all.MaxBy(p => p.Value).Key : null;

    /// <summary>How likely each language of the text's main script is; they sum to 1. Empty if there is none.</summary>
    public IReadOnlyDictionary<string, double> Likelihoods(string text)
    {
        var tokens = Tokens.Of(text);
        var scripts = Scripts.Count(tokens);
        if (scripts.Count == 0) return new Dictionary<string, double>();
        var (han, kana) = (scripts.GetValueOrDefault(Script.Han), scripts.GetValueOrDefault(Script.Kana));
        var other = scripts.Where(p => p.Key is not (Script.Han or Script.Kana)).DefaultIfEmpty(new(Script.Other, 0)).MaxBy(p => p.Value);
        return han + kana >= other.Value ? ChineseOrJapanese(tokens, kana / (han + kana)) : other.Key switch
        {
            Script.Hangul => new Dictionary<string, double> { ["ko"] = 1 },
            Script.Other => new Dictionary<string, double>(),
            var script => Alphabetic(tokens.Where(t => Scripts.Of(Rune.GetRuneAt(t, 0)) == script)),
        };
    }

    private Dictionary<string, double> Alphabetic(IEnumerable<string> words) =>
        _detector.ComputeLanguageConfidenceValues(string.Join(' ', words)).Where(p => p.Value > 0).ToDictionary(p => Names[p.Key], p => p.Value);

    /// <summary>Japanese sentences have kana; without any, a short text of characters that both languages use may be either.</summary>
    private static Dictionary<string, double> ChineseOrJapanese(List<string> tokens, double kana) =>
        kana >= 0.1 ? new() { ["ja"] = 1 }
        : kana == 0 && tokens.Count(Tokens.IsCharacter) < 8 && !tokens.Any(t => OnlyChinese.Contains(t)) ? new() { ["zh"] = 0.5, ["ja"] = 0.5 }
        : new() { ["zh"] = 1 };

    /// <summary>Frequent characters of modern Chinese, most of them simplified, that Japanese does not write.</summary>
    private const string OnlyChinese = "这那你您她它们吗么哪说没给吧呢啊让请谢边车东见书门问间时过对进还会为从发开关无见觉话语读买卖钱饭飞机场医园岁龙马鸟鱼个几";

    /// <summary>The models are staged beside the library, in a notebook as in a program.</summary>
    private static string ModelFolder => Path.Combine(Path.GetDirectoryName(typeof(LanguageIdentifier).Assembly.Location) is { Length: > 0 } folder
        ? folder : AppContext.BaseDirectory, "Lingua", "LanguageModels");
}
