using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace SaeNotebooks.Translation.Judging.OffTask;

/// <summary>
/// The phrases of <c>phrases.tsv</c>, by kind and in nine languages. A model answers in any language, and a source may be any text, so those of
/// all languages are looked for in both: a phrase that translates one of the source's is none of the model's.
/// </summary>
internal static class Phrases
{
    private static readonly Lazy<FrozenDictionary<string, Regex[]>> All = new(Read);

    /// <summary>Declining to translate.</summary>
    public static IReadOnlyList<Regex> Refusals => All.Value["refusal"];

    /// <summary>Announcing a translation, at the beginning.</summary>
    public static IReadOnlyList<Regex> Preambles => All.Value["preamble"];

    /// <summary>Notes, explanations and polite formulas after a translation.</summary>
    public static IReadOnlyList<Regex> Remarks => All.Value["remark"];

    /// <summary>Whether any of the phrases occurs.</summary>
    public static bool Occur(this IReadOnlyList<Regex> phrases, string? text) => text is not null && phrases.Any(p => p.IsMatch(text));

    private static FrozenDictionary<string, Regex[]> Read()
    {
        using var reader = new StreamReader(typeof(Phrases).Assembly.GetManifestResourceStream("phrases.tsv")!);
        return reader.ReadToEnd().Split('\n').Skip(1).Select(line => line.TrimEnd('\r').Split('\t')).Where(cells => cells is [_, _, _]).GroupBy(cells => cells[0])
            .ToFrozenDictionary(g => g.Key, g => g.Select(cells => new Regex(cells[2], RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)).ToArray());
    }
}
