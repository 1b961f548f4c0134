using SaeNotebooks.Translation.Measures.Tokenizers;

namespace SaeNotebooks.Translation.Measures;

/// <summary>
/// chrF (Popović 2015) as sacreBLEU 2 computes it for a whole corpus: n-gram counts are summed over all segments, precision and
/// recall are averaged over the orders that both sides have, and F weighs recall <see cref="Beta"/> times as much as precision.
/// </summary>
public sealed record ChrF
{
    /// <summary>Stands for 0 in chrF++.py's smoothing.</summary>
    private const double Epsilon = 1e-16;

    /// <summary>Longest character n-gram.</summary>
    public int CharacterOrder { get; init; } = 6;

    /// <summary>Longest word n-gram; 2 is chrF++.</summary>
    public int WordOrder { get; init; }

    /// <summary>Weight of recall.</summary>
    public double Beta { get; init; } = 2;

    /// <summary>Whether case is ignored.</summary>
    public bool Lowercase { get; init; }

    /// <summary>Whether white space is a character.</summary>
    public bool Whitespace { get; init; }

    /// <summary>Averages F over all orders instead, as chrF++.py, Moses and NLTK do; it matters for very short segments only.</summary>
    public bool EpsilonSmoothing { get; init; }

    /// <summary>chrF with sacreBLEU's defaults.</summary>
    public static ChrF Default { get; } = new();

    /// <summary>chrF++: word unigrams and bigrams too.</summary>
    public static ChrF PlusPlus { get; } = new() { WordOrder = 2 };

    /// <summary>The score of a corpus, 0 to 100.</summary>
    /// <param name="hypotheses">one output per segment</param>
    /// <param name="references">for each segment, its references; where there are several, the one that scores best counts; empty ones do not count</param>
    /// <exception cref="ArgumentException">lengths differ, there are no segments, or a segment has no reference</exception>
    public double Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references)
    {
        var total = new Counts[CharacterOrder + WordOrder];
        foreach (var (hypothesis, choices) in hypotheses.Zip(SegmentReferences.Checked(hypotheses, references)))
        {
            var best = Best(hypothesis, choices);
            for (var i = 0; i < total.Length; i++) total[i] += best[i];
        }
        return Score(total);
    }

    /// <summary>The score of a corpus with one reference per segment, 0 to 100.</summary>
    /// <inheritdoc cref="Corpus(IReadOnlyList{string}, IReadOnlyList{IReadOnlyList{string}})"/>
    public double Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references) => Corpus(hypotheses, SegmentReferences.Single(references));

    /// <summary>The score of one segment, 0 to 100.</summary>
    /// <exception cref="ArgumentException">there is no reference</exception>
    public double Sentence(string hypothesis, params IReadOnlyList<string> references) => Corpus([hypothesis], [references]);

    /// <summary>sacreBLEU's signature.</summary>
    /// <param name="references">references per segment: <c>1</c>, or <c>var</c></param>
    public string Signature(string references = "1") => Measures.Signature.Of(references, ("case", Lowercase ? "lc" : "mixed"), ("eff", !EpsilonSmoothing),
        ("nc", CharacterOrder), ("nw", WordOrder), ("space", Whitespace));

    private Counts[] Best(string hypothesis, IReadOnlyList<string> references)
    {
        var grams = Grams(hypothesis);
        return references.Select(reference => Match(grams, Grams(reference))).MaxBy(Score)!;
    }

    private static Counts[] Match(Dictionary<string, int>[] hypothesis, Dictionary<string, int>[] reference) =>
        [.. hypothesis.Zip(reference, Counts.Of)];

    private double Score(Counts[] counts)
    {
        if (EpsilonSmoothing) return 100 * counts.Average(c => F(c.Precision ?? Epsilon, c.Recall ?? Epsilon));
        var present = counts.Where(c => c is { Hypothesis: > 0, Reference: > 0 }).ToList();
        return present.Count == 0 ? 0 : 100 * F(present.Average(c => c.Precision!.Value), present.Average(c => c.Recall!.Value));
    }

    private double F(double precision, double recall) =>
        precision + recall == 0 ? EpsilonSmoothing ? Epsilon : 0 : (1 + Beta * Beta) * precision * recall / (Beta * Beta * precision + recall);

    /// <summary>Counts of n-grams of each order: characters first, then words.</summary>
    private Dictionary<string, int>[] Grams(string text)
    {
        if (Lowercase) text = PythonText.Lower(text);
        var words = PythonText.Words(text);
        string[] characters = [.. (Whitespace ? text : string.Concat(words)).EnumerateRunes().Select(r => r.ToString())];
        string[] tokens = WordOrder == 0 ? [] : [.. words.SelectMany(ApartFromPunctuation)];
        return
        [
            .. Enumerable.Range(1, CharacterOrder).Select(n => NGramCounts.Of(characters, n, "")),
            .. Enumerable.Range(1, WordOrder).Select(n => NGramCounts.Of(tokens, n)),
        ];
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
        public double? Precision => Hypothesis > 0 ? (double)Common / Hypothesis : null;

        public double? Recall => Reference > 0 ? (double)Common / Reference : null;

        public static Counts Of(Dictionary<string, int> hypothesis, Dictionary<string, int> reference) => new(
            reference.Count == 0 ? 0 : hypothesis.Values.Sum(),
            reference.Values.Sum(),
            hypothesis.Sum(gram => Math.Min(gram.Value, reference.GetValueOrDefault(gram.Key))));

        public static Counts operator +(Counts a, Counts b) => new(a.Hypothesis + b.Hypothesis, a.Reference + b.Reference, a.Common + b.Common);
    }
}
