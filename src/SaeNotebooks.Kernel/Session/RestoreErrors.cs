using System.Text.RegularExpressions;

namespace SaeNotebooks.Kernel.Session;

/// <summary>What NuGet says when packages cannot be restored, as one line for a person who has a notebook and no project.</summary>
internal static partial class RestoreErrors
{
    /// <summary>Explains the first error in the output of a restore.</summary>
    public static string Explain(string output)
    {
        var lines = ErrorPattern().Matches(output).Select(line => (Code: line.Groups[1].Value, Text: line.Groups[2].Value.Trim())).ToList();
        if (lines.Count == 0) return $"dotnet restore failed: {output.Trim().ReplaceLineEndings(" ")}";
        var (code, text) = lines[0];
        var details = lines.Where(line => line.Code == code).Skip(1).Select(line => line.Text).ToList();
        return code switch
        {
            "NU1605" or "NU1107" when Wishes(details) is { Count: > 1 } wishes => Conflict(code, wishes),
            "NU1102" when NearestPattern().Match(string.Join(' ', details)) is { Success: true } nearest =>
                $"{text}; the nearest is {nearest.Groups[1].Value} ({code})",
            _ => $"{text} ({code})",
        };
    }

    private static string Conflict(string code, List<(string Who, string Package, string Version)> wishes) =>
        $"Versions of {wishes[0].Package} conflict: {string.Join(", ", wishes.Select(wish => $"{wish.Who} {wish.Version}"))}. " +
        $"Ask for one that suits all; if another is loaded already, restart the kernel first. ({code})";

    // "packages -> B 1.0.0 -> A (>= 2.0.0)": each line ends in who needs which version of the package that they disagree about.
    private static List<(string Who, string Package, string Version)> Wishes(IEnumerable<string> details) =>
    [
        .. details.Select(line => line.TrimEnd('.').Split(" -> ")).Where(path => path.Length > 1)
            .Select(path => (Path: path, Last: WishPattern().Match(path[^1]))).Where(wish => wish.Last.Success)
            .Select(wish => (wish.Path.Length > 2 ? $"{wish.Path[^2]} needs" : "a cell asks for", wish.Last.Groups[1].Value, wish.Last.Groups[2].Value)),
    ];

    [GeneratedRegex(@"error ((?:NU|MSB|NETSDK)\d+): (?:Warning As Error: )?(.+?)(?: \[[^\]\s]*proj\])?\s*$", RegexOptions.Multiline)]
    private static partial Regex ErrorPattern();

    [GeneratedRegex(@"^(\S+) \((.+)\)$")]
    private static partial Regex WishPattern();

    [GeneratedRegex(@"Nearest version: (\S+)")]
    private static partial Regex NearestPattern();
}
