using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace SaeNotebooks.Hub;

/// <summary>
/// Names of files and revisions as the hub writes them, with "/". They come from outside and become paths of the cache, so they are
/// looked at before anything is done with them.
/// </summary>
internal static partial class HubPath
{
    /// <summary>What is wrong with a name, as the end of a sentence; null if it stays below the folder that it is joined to, on every
    /// system.</summary>
    public static string? Problem(string name) =>
        name.Length == 0 ? "is empty"
        : name.Any(char.IsControl) ? "has a control character in it"
        : name.Contains('\\') ? "has a backslash in it"
        : name.Contains(':') ? "has a colon in it"
        : name.StartsWith('/') ? "begins at the root"
        : name.Split('/').Any(part => part is "" or "." or "..") ? "has an empty part, '.' or '..' in it"
        : null;

    /// <exception cref="HubException">the name would lead out of the cache, or is no file's</exception>
    public static void Require(string file, HubName name)
    {
        if (Problem(file) is { } problem)
            throw new HubException(HubProblem.BadName,
                $"The file name '{Shown(file)}' of {name} {problem}; such a name could lead out of the cache, so nothing was downloaded.");
    }

    /// <summary>A name fit for an error's one line.</summary>
    public static string Shown(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '\uFFFD' : c));

    /// <summary>40 hexadecimal digits.</summary>
    public static bool IsCommit(string text) => Commit().IsMatch(text);

    /// <summary>The digest that names a blob: SHA-256 for large files, and git's SHA-1 of the blob for the rest.</summary>
    public static bool IsDigest(string text) => IsCommit(text) || Sha256().IsMatch(text);

    /// <summary>Whether a file fits a pattern, in which <c>*</c> stands for any text, separators too, and <c>?</c> for one character.</summary>
    public static bool Matches(string file, string pattern) => FileSystemName.MatchesSimpleExpression(pattern, file, ignoreCase: false);

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex Commit();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256();
}
