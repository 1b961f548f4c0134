using System.Globalization;

namespace SaeNotebooks.Display;

/// <summary>Small pieces of HTML that every display uses.</summary>
internal static class Html
{
    /// <summary>Text as it may stand in an element or a quoted attribute.</summary>
    public static string Encode(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal);

    /// <summary>A number in at most four significant digits, with a true minus sign.</summary>
    public static string Number(double value) => double.IsFinite(value)
        ? value.ToString(Math.Abs(value) is >= 1e6 or (> 0 and < 1e-4) ? "0.###e0" : "G4", CultureInfo.InvariantCulture).Replace('-', '−')
        : value.ToString(CultureInfo.InvariantCulture);
}
