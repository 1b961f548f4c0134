using SaeNotebooks.Tokenization.Patterns;

namespace SaeNotebooks.Tokenization.Formats.HuggingFace;

/// <summary>Reads a pattern: <c>{"String": …}</c> or <c>{"Regex": …}</c>.</summary>
internal static class PatternReader
{
    public static ITextPattern Read(JsonSection section)
    {
        if (section.Optional("String") is { } literal)
            return literal.Text().Length > 0 ? new LiteralPattern(literal.Text()) : throw literal.Unsupported("an empty pattern");
        var regex = section.Required("Regex");
        try { return new RegexPattern(regex.Text()); }
        catch (ArgumentException e) { throw regex.Unsupported($"this regular expression ({e.Message})"); }
    }
}
