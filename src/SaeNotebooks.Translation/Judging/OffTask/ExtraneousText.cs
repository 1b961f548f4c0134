using System.Text.RegularExpressions;

namespace SaeNotebooks.Translation.Judging.OffTask;

/// <summary>What an output has besides the translation.</summary>
internal static partial class ExtraneousText
{
    /// <summary>Times the source's length, and letters beyond it, from which an output must have been invented in part.</summary>
    private const double TooLong = 3, TooManyLetters = 80;

    /// <summary>Whether there is a preamble, a note, an alternative, the source itself or a further turn that does not translate one of the source's.</summary>
    public static bool Is(string output, string? source) =>
        New(Phrases.Preambles, output, source) || New(Phrases.Remarks, output, source)
        || Lines(output) > (source is null ? 1 : Lines(source))
        || New(Arrow(), output, source) || New(Slash(), output, source)
        || (source is not null && (Addition(output, source) || Repeats(output, source)));

    /// <summary>Whether an output is far longer than its source can account for.</summary>
    public static bool IsTooLong(string output, string source)
    {
        var (length, limit) = (Tokens.Length(output), Tokens.Length(source));
        return length > TooLong * limit && length - limit > TooManyLetters;
    }

    /// <summary>The output without what was found, to tell the language of the rest; the output itself if nothing is left.</summary>
    public static string Core(string output, string? source)
    {
        var core = Phrases.Preambles.Aggregate(output.Trim(), (text, phrase) => phrase.Replace(text, "", 1).Trim());
        if (source is not null && Repeats(core, source)) core = Regex.Replace(core, Regex.Escape(Bare(source)), " ", RegexOptions.IgnoreCase);
        core = Parenthesis().Replace(core, " ").Trim().Split('\n')[0];
        return core.Any(char.IsLetter) ? core : output;
    }

    private static bool New(IReadOnlyList<Regex> phrases, string output, string? source) => phrases.Occur(output) && !phrases.Occur(source);

    private static bool New(Regex pattern, string output, string? source) => pattern.IsMatch(output) && (source is null || !pattern.IsMatch(source));

    private static int Lines(string text) => text.Split('\n').Count(line => line.Any(char.IsLetterOrDigit));

    /// <summary>A parenthesis of several words that the source has not got, where it has no parenthesis.</summary>
    private static bool Addition(string output, string source) => !source.AsSpan().ContainsAny("(（[") && Parenthesis().Matches(output)
        .Any(m => Tokens.Of(m.Value).Except(Tokens.Of(source)).ToList() is var words && words.Count >= (words.Any(Tokens.IsCharacter) ? 6 : 3));

    /// <summary>The whole source, of three words or more, with something else beside it.</summary>
    private static bool Repeats(string output, string source) => Tokens.Of(source).Count >= 3 && Bare(source) is { Length: > 0 } bare
        && output.Contains(bare, StringComparison.OrdinalIgnoreCase) && Tokens.Length(output) >= 1.3 * Tokens.Length(source);

    private static string Bare(string source) => source.Trim().TrimEnd('.', '!', '?', '。', '！', '？', '…');

    [GeneratedRegex("[(（\\[][^()（）\\[\\]]*[)）\\]]")]
    private static partial Regex Parenthesis();

    [GeneratedRegex("→|->|=>|⇒")]
    private static partial Regex Arrow();

    /// <summary>Between alternatives.</summary>
    [GeneratedRegex(@"\S\s+/\s+\S")]
    private static partial Regex Slash();
}
