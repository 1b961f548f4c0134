namespace SaeNotebooks.Figures.Svg;

/// <summary>
/// Widths of texts without a font at hand: character classes measured on DejaVu Sans, the widest of the families asked for, so
/// that labels never collide in another one.
/// </summary>
internal static class TextWidth
{
    /// <summary>Of the longest line.</summary>
    public static double Of(string text, double size) => size * text.Split('\n').Max(line => line.Sum(Em));

    private static double Em(char c) => c switch
    {
        'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '|' or '\'' or '!' => 0.32,
        ' ' or 't' or 'f' or 'r' or 'I' or '(' or ')' or '-' or '[' or ']' => 0.40,
        'm' or 'w' or 'M' or 'W' or '@' or '%' => 0.95,
        >= 'A' and <= 'Z' => 0.69,
        >= '\u2E80' => 1.0, // CJK and other full-width scripts
        _ => 0.61,
    };
}
