using System.Text.RegularExpressions;

namespace SaeNotebooks.Cli.Notebooks;

/// <summary>Text that was written for a terminal.</summary>
internal static partial class TerminalText
{
    /// <summary><paramref name="text"/> without colour and cursor codes.</summary>
    public static string Plain(string text) => Codes().Replace(text, "").TrimEnd();

    [GeneratedRegex("\u001b\\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Codes();
}
