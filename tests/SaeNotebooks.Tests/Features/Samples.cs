using SaeNotebooks.Features;
using SaeNotebooks.Models;

namespace SaeNotebooks.Tests.Features;

/// <summary>Hand-made examples: <c>"a *b* c"</c> is three tokens, of which the starred one has activation 1; <c>*b:3*</c> gives another.</summary>
internal static class Samples
{
    public static Example Example(string text, int sequence = 0)
    {
        var (tokens, values) = (new List<Token>(), new List<float>());
        foreach (var word in text.Split(' '))
        {
            var parts = word.Trim('*').Split(':');
            tokens.Add(new(tokens.Count, (tokens.Count == 0 ? "" : " ") + parts[0]));
            values.Add(!word.StartsWith('*') ? 0 : parts.Length == 1 ? 1 : float.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
        }
        var focus = values.IndexOf(values.Max());
        return new(10 * sequence + focus, sequence, focus, tokens, values, focus, []);
    }
}
