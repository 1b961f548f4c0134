namespace SaeNotebooks.Translation.Measures;

/// <summary>
/// chrF (Popović 2015) as sacreBLEU 2 computes it for a whole corpus: n-gram counts are summed over all segments, precision and
/// recall are averaged over the orders that both sides have, and F weighs recall <see cref="Beta"/> times as much as precision.
/// </summary>
public sealed record ChrF
{
    /// <summary>Longest character n-gram.</summary>
    public int CharacterOrder { get; init; } = 6;

    /// <summary>Longest word n-gram; 2 is chrF++.</summary>
    public int WordOrder { get; init; }

    /// <summary>Weight of recall.</summary>
    public double Beta { get; init; } = 2;

    /// <summary>chrF with sacreBLEU's defaults.</summary>
    public static ChrF Default { get; } = new();

    /// <summary>chrF++: word unigrams and bigrams too.</summary>
    public static ChrF PlusPlus { get; } = new() { WordOrder = 2 };

    /// <summary>The score of a corpus, 0 to 100.</summary>
    /// <param name="hypotheses">one output per segment</param>
    /// <param name="references">for each segment, its references; where there are several, the one that scores best counts</param>
    /// <exception cref="ArgumentException">lengths differ, or a segment has no reference</exception>
    public double Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references)
    {
        if (hypotheses.Count != references.Count)
            throw new ArgumentException($"There are {hypotheses.Count} outputs and {references.Count} references; each output needs its own.", nameof(references));
        var total = new Counts[CharacterOrder + WordOrder];
        foreach (var (hypothesis, choices) in hypotheses.Zip(references))
        {
            var best = Best(hypothesis, choices);
            for (var i = 0; i < total.Length; i++) total[i] += best[i];
        }
        return Score(total);
    }

    /// <summary>The score of a corpus with one reference per segment, 0 to 100.</summary>
    public double Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references) =>
        Corpus(hypotheses, [.. references.Select(r => (IReadOnlyList<string>)[r])]);

    /// <summary>The score of one segment, 0 to 100.</summary>
    public double Sentence(string hypothesis, params IReadOnlyList<string> references) => Corpus([hypothesis], [references]);

    private Counts[] Best(string hypothesis, IReadOnlyList<string> references)
    {
        if (references.Count == 0) throw new ArgumentException($"The output '{hypothesis}' has no reference.", nameof(references));
        var grams = Grams(hypothesis);
        return references.Select(reference => Match(grams, Grams(reference))).MaxBy(Score)!;
    }

    private static Counts[] Match(Dictionary<string, int>[] hypothesis, Dictionary<string, int>[] reference) =>
        [.. hypothesis.Zip(reference, Counts.Of)];

    private double Score(Counts[] counts)
    {
        var present = counts.Where(c => c is { Hypothesis: > 0, Reference: > 0 }).ToList();
        if (present.Count == 0) return 0;
        var precision = present.Average(c => (double)c.Common / c.Hypothesis);
        var recall = present.Average(c => (double)c.Common / c.Reference);
        var weight = Beta * Beta;
        return precision + recall == 0 ? 0 : 100 * (1 + weight) * precision * recall / (weight * precision + recall);
    }

    /// <summary>Counts of n-grams of each order: characters first, then words.</summary>
    private Dictionary<string, int>[] Grams(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string[] characters = [.. string.Concat(words).EnumerateRunes().Select(r => r.ToString())];
        string[] tokens = WordOrder == 0 ? [] : [.. words.SelectMany(ApartFromPunctuation)];
        return
        [
            .. Enumerable.Range(1, CharacterOrder).Select(n => CountOf(characters, n, "")),
            .. Enumerable.Range(1, WordOrder).Select(n => CountOf(tokens, n, " ")),
        ];
    }

    private static Dictionary<string, int> CountOf(string[] items, int n, string separator)
    {
        var counts = new Dictionary<string, int>();
        for (var i = 0; i + n <= items.Length; i++)
        {
            var gram = string.Join(separator, items, i, n);
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }
        return counts;
    }

    /// <summary>One ASCII punctuation mark at the end, or else at the beginning, is a token of its own.</summary>
    private static IEnumerable<string> ApartFromPunctuation(string word) =>
        word.EnumerateRunes().Count() == 1 ? [word]
        : IsPunctuation(word[^1]) ? [word[..^1], word[^1..]]
        : IsPunctuation(word[0]) ? [word[..1], word[1..]]
        : [word];

    private static bool IsPunctuation(char c) => char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c));

    /// <summary>n-grams of one order: in the output, in the reference, in both. The output's do not count where the reference has none.</summary>
    private readonly record struct Counts(long Hypothesis, long Reference, long Common)
    {
        public static Counts Of(Dictionary<string, int> hypothesis, Dictionary<string, int> reference) => new(
            reference.Count == 0 ? 0 : hypothesis.Values.Sum(),
            reference.Values.Sum(),
            hypothesis.Sum(gram => Math.Min(gram.Value, reference.GetValueOrDefault(gram.Key))));

        public static Counts operator +(Counts a, Counts b) => new(a.Hypothesis + b.Hypothesis, a.Reference + b.Reference, a.Common + b.Common);
    }
}
