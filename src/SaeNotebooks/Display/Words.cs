using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Display;

/// <summary>Values in a few words, as they stand in tables and cards; never the bare name of a type.</summary>
internal static partial class Words
{
    private const int MostItems = 6, MostCharacters = 120;

    /// <summary>The value in one line.</summary>
    public static string Of(object? value) => value switch
    {
        null => "",
        string text => text.Replace("\n", "↵", StringComparison.Ordinal),
        bool truth => truth ? "yes" : "no",
        double or float or decimal => Html.Number(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        Token token => TokenStrip.Visible(token.Text),
        Tensor tensor => TensorSummary.Describe(tensor),
        Type type => Name(type),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        Delegate => "a function",
        _ when SaysItself(value.GetType()) => FirstLine(value.ToString() ?? ""),
        IEnumerable sequence => List(sequence),
        _ when PropertyCard.Facts(value) is { Count: > 0 } facts => Cut(string.Join(", ", facts.Select(f => $"{f.Name}: {Of(f.Value)}"))),
        _ => Name(value.GetType()),
    };

    /// <summary>A name of the code, in words: <c>LatentStatistics</c> is "latent statistics".</summary>
    public static string Name(Type type) => Apart(type.Name.Split('`')[0]);

    /// <summary>With a capital letter at its start.</summary>
    public static string Sentence(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>Words that a capital letter begins, apart: <c>NLayers</c> is "n layers"; abbreviations stay, as in "L0 by layer".</summary>
    public static string Apart(string name) => string.Join(' ', Parts().Matches(name).Select(part =>
        part.Length > 1 && part.Value.All(c => char.IsUpper(c) || char.IsDigit(c)) ? part.Value : part.Value.ToLowerInvariant()));

    /// <summary>Whether values of a type have a text that somebody wrote, not the name of the type or the properties that a compiler lists.</summary>
    public static bool SaysItself(Type type) => type.GetMethod(nameof(ToString), BindingFlags.Public | BindingFlags.Instance, []) is { } says
        && says.DeclaringType != typeof(object) && says.DeclaringType != typeof(ValueType) && !says.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static string List(IEnumerable sequence)
    {
        var some = sequence.Cast<object?>().Take(MostItems + 1).ToList();
        var shown = Cut(string.Join(", ", some.Take(MostItems).Select(Of)));
        if (some.Count <= MostItems) return shown.Length == 0 ? "none" : shown;
        return sequence is ICollection { Count: var count } || TryCount(sequence, out count) ? $"{shown}, … ({count:N0} in all)" : $"{shown}, …";
    }

    private static bool TryCount(IEnumerable sequence, out int count)
    {
        count = sequence.GetType().GetProperty("Count")?.GetValue(sequence) is int found ? found : -1;
        return count >= 0;
    }

    private static string FirstLine(string text) => Cut(text.Split('\n')[0].TrimEnd());

    private static string Cut(string text) => text.Length <= MostCharacters ? text : text[..(MostCharacters - 1)] + "…";

    [GeneratedRegex(@"[A-Z]+\d*(?![a-z])|[A-Z]?[a-z0-9]+")]
    private static partial Regex Parts();
}
