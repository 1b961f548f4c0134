using System.Globalization;
using System.Security.Cryptography;
using System.Text;

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

    /// <summary>A size in at most three significant digits and the unit that suits it.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} bytes",
        < 1_000_000 => $"{Digits(bytes / 1e3)} kB",
        < 1_000_000_000 => $"{Digits(bytes / 1e6)} MB",
        _ => $"{Digits(bytes / 1e9)} GB",
    };

    /// <summary>A large number in at most three significant digits: "124 million".</summary>
    public static string Count(long number) => number switch
    {
        < 1_000_000 => number.ToString("N0", CultureInfo.InvariantCulture),
        < 1_000_000_000 => $"{Digits(number / 1e6)} million",
        _ => $"{Digits(number / 1e9)} billion",
    };

    /// <summary>What tells the elements of a display from others on a page. It is made from the content, so that running a notebook again writes the
    /// same file.</summary>
    public static string Key(string content) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..12].ToLowerInvariant();

    private static string Digits(double number) => number.ToString(number < 10 ? "0.##" : number < 100 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
