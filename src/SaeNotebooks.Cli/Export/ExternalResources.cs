using System.Net;
using System.Text.RegularExpressions;

namespace SaeNotebooks.Cli.Export;

/// <summary>Finds what a page would load from elsewhere. Links that a reader may follow are not loads.</summary>
internal static partial class ExternalResources
{
    /// <summary>Addresses that <paramref name="html"/> loads from: http, https, protocol-relative, file, or a relative path.</summary>
    public static IReadOnlyList<string> Find(string html)
    {
        var markup = ScriptBody().Replace(html, "$1</script>");
        return [.. Loading().Matches(markup).Concat(StyleUrl().Matches(markup))
            .Select(m => WebUtility.HtmlDecode(m.Groups["url"].Value.Trim()))
            .Where(u => u.Length > 0 && u[0] != '#' && !u.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
                && !u.StartsWith("blob:", StringComparison.OrdinalIgnoreCase) && !u.StartsWith("about:", StringComparison.OrdinalIgnoreCase))
            .Distinct()];
    }

    // What a script says in strings is not markup; its opening tag is kept, for that may have a src.
    [GeneratedRegex(@"(<script\b[^>]*>).*?</script\s*>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex ScriptBody();

    [GeneratedRegex("""<(?:script|img|iframe|source|video|audio|embed|track|input|image|use)\b[^>]*?\s(?:src|xlink:href|poster)\s*=\s*["']?(?<url>[^"'\s>]*)|<(?:link|image|use)\b[^>]*?\shref\s*=\s*["']?(?<url>[^"'\s>]*)|<object\b[^>]*?\sdata\s*=\s*["']?(?<url>[^"'\s>]*)""", RegexOptions.IgnoreCase)]
    private static partial Regex Loading();

    [GeneratedRegex("""url\(\s*["']?(?<url>[^"')\s]*)|@import\s+["'](?<url>[^"']*)""", RegexOptions.IgnoreCase)]
    private static partial Regex StyleUrl();
}
