using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;

namespace SaeNotebooks.Kernel.Session;

/// <summary>
/// <c>#!set --name n --value v</c>, which declares a variable: a number, true, false or null is what it looks like, @csharp:name the value
/// of another variable, @input:prompt and @password:prompt a question to the person at the notebook, and all else a string.
/// </summary>
internal static partial class SetDirective
{
    /// <summary>The declaration as C#.</summary>
    /// <exception cref="DirectiveException">The directive is malformed.</exception>
    public static string ToCode(string line)
    {
        if (Pattern().Match(line) is not { Success: true } set || !SyntaxFacts.IsValidIdentifier(set.Groups["name"].Value))
            throw new DirectiveException($"'{line.Trim()}' is not understood. Write #!set --name variable --value value.");
        return $"var {set.Groups["name"].Value} = {Value(set.Groups["value"].Value.Trim())};";
    }

    private static string Value(string text)
    {
        if (text.StartsWith("@csharp:", StringComparison.Ordinal)) return text["@csharp:".Length..];
        if (text.StartsWith("@input:", StringComparison.Ordinal)) return $"await GetInputAsync({Literal(text["@input:".Length..])})";
        if (text.StartsWith("@password:", StringComparison.Ordinal)) return $"await GetPasswordAsync({Literal(text["@password:".Length..])})";
        var isLiteral = text is "true" or "false" || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        return isLiteral ? text : Literal(text);
    }

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text.Trim().Trim('"'), quote: true);

    [GeneratedRegex(@"^#!set\s+--name\s+@?(?<name>\S+)\s+--value\s+(?<value>.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Pattern();
}
