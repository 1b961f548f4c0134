using System.Text.RegularExpressions;

namespace SaeNotebooks.Translation.Judging.OffTask;

/// <summary>Whether a text goes round in circles: the same words again and again, or a letter that goes on and on.</summary>
internal static partial class RepetitionLoop
{
    /// <summary>Fewest characters of a loop in a script whose characters are tokens; reduplication is part of Chinese and Japanese.</summary>
    private const int FewestCharacters = 10;

    private const int LongestPeriod = 60;

    /// <summary>Whether the output has a loop, and the source, if it is known, none as long.</summary>
    public static bool Is(string output, string? source) => Turns(output) is var turns and > 0 && (source is null || Turns(source, any: true) < turns - 1);

    /// <summary>The turns of the longest loop; 0 if there is none.</summary>
    /// <param name="text">the text</param>
    /// <param name="any">count what is too short to be a loop too</param>
    private static double Turns(string text, bool any = false)
    {
        var tokens = Tokens.Of(text.ToLowerInvariant());
        var most = Drawn().IsMatch(text) ? 8.0 : 0;
        for (var period = 1; period <= Math.Min(LongestPeriod, tokens.Count / 2); period++)
        {
            var (run, longest, end) = (0, 0, 0);
            for (var i = period; i < tokens.Count; i++)
                if ((run = tokens[i] == tokens[i - period] ? run + 1 : 0) > longest) (longest, end) = (run, i);
            var turns = 1 + (double)longest / period;
            if (any || IsLoop(turns, period, tokens.GetRange(Math.Max(0, end - longest - period + 1), longest + (longest > 0 ? period : 0)))) most = Math.Max(most, turns);
        }
        return most;
    }

    private static bool IsLoop(double turns, int period, List<string> span) =>
        turns >= period switch { 1 => 5, < 5 => 4, _ => 3 } && !span.All(t => char.IsDigit(t[0])) && (!span.All(Tokens.IsCharacter) || span.Count >= FewestCharacters);

    [GeneratedRegex(@"([\p{L}-[\u3040-\u9fff]])\1{9}", RegexOptions.IgnoreCase)]
    private static partial Regex Drawn();
}
