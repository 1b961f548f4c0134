using System.Globalization;
using SaeNotebooks.Translation.Measures.Tokenizers;

namespace SaeNotebooks.Translation.Measures;

/// <summary>
/// BLEU (Papineni et al. 2002) as sacreBLEU 2 computes it: the brevity penalty times the geometric mean of the clipped n-gram precisions,
/// counted over the whole corpus.
/// </summary>
public sealed record Bleu
{
    /// <summary>Divides segments into words.</summary>
    public SegmentTokenizer Tokenizer { get; init; } = SegmentTokenizer.V13a;

    /// <summary>What is done about orders without a match.</summary>
    public BleuSmoothing Smoothing { get; init; } = BleuSmoothing.Exponential;

    /// <summary>The parameter of the smoothing, if it has one: by default 0.1 for the floor and 1 for add-k.</summary>
    public double? SmoothingValue { get; init; }

    /// <summary>Longest n-gram.</summary>
    public int MaxOrder { get; init; } = 4;

    /// <summary>Whether orders for which the output is too short are left out; right for single segments.</summary>
    public bool EffectiveOrder { get; init; }

    /// <summary>Whether case is ignored.</summary>
    public bool Lowercase { get; init; }

    /// <summary>sacreBLEU's defaults.</summary>
    public static Bleu Default { get; } = new();

    /// <summary>The defaults with the tokenizer of a target language (<see cref="SegmentTokenizer.For"/>).</summary>
    public static Bleu For(string language) => new() { Tokenizer = SegmentTokenizer.For(language) };

    /// <summary>The score of a corpus.</summary>
    /// <param name="hypotheses">one output per segment</param>
    /// <param name="references">for each segment its references; empty ones do not count</param>
    /// <exception cref="ArgumentException">lengths differ, there are no segments, or a segment has no reference</exception>
    public BleuScore Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references)
    {
        var counts = new NGramCounts(MaxOrder);
        foreach (var (hypothesis, choices) in hypotheses.Zip(SegmentReferences.Checked(hypotheses, references)))
            counts.Add(Tokens(hypothesis), [.. choices.Select(Tokens)]);
        return Score(counts);
    }

    /// <summary>The score of a corpus with one reference per segment.</summary>
    /// <inheritdoc cref="Corpus(IReadOnlyList{string}, IReadOnlyList{IReadOnlyList{string}})"/>
    public BleuScore Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references) => Corpus(hypotheses, SegmentReferences.Single(references));

    /// <summary>The score of one segment, with <see cref="EffectiveOrder"/>, as sacreBLEU's <c>sentence_bleu</c>.</summary>
    /// <exception cref="ArgumentException">there is no reference</exception>
    public BleuScore Sentence(string hypothesis, params IReadOnlyList<string> references) => (this with { EffectiveOrder = true }).Corpus([hypothesis], [references]);

    /// <summary>sacreBLEU's signature.</summary>
    /// <param name="references">references per segment: <c>1</c>, or <c>var</c></param>
    public string Signature(string references = "1") =>
        Measures.Signature.Of(references, ("case", Lowercase ? "lc" : "mixed"), ("eff", EffectiveOrder), ("tok", Tokenizer.Name), ("smooth", SmoothingName));

    private string SmoothingName => Smoothing switch
    {
        BleuSmoothing.Exponential => "exp",
        BleuSmoothing.Floor => string.Create(CultureInfo.InvariantCulture, $"floor[{Parameter:0.00}]"),
        BleuSmoothing.AddK => string.Create(CultureInfo.InvariantCulture, $"add-k[{Parameter:0.00}]"),
        _ => "none",
    };

    private double Parameter => SmoothingValue ?? (Smoothing == BleuSmoothing.Floor ? 0.1 : 1);

    private string[] Tokens(string segment) => [.. Tokenizer.Tokenize(Lowercase ? PythonText.Lower(segment) : segment)];

    private BleuScore Score(NGramCounts counts)
    {
        var penalty = counts.HypothesisLength >= counts.ReferenceLength ? 1
            : counts.HypothesisLength == 0 ? 0 : Math.Exp(1 - (double)counts.ReferenceLength / counts.HypothesisLength);
        var (precisions, orders) = counts.Matches.All(m => m == 0) ? (new double[MaxOrder], 0) : Precisions(counts);
        // A precision of 0, which only smoothing prevents, makes the geometric mean 0.
        var score = orders == 0 || precisions.Take(orders).Contains(0) ? 0 : Math.Min(100, penalty * Math.Exp(precisions.Take(orders).Sum(Math.Log) / orders));
        return new(score, precisions, penalty, counts.HypothesisLength, counts.ReferenceLength, counts.Matches, counts.Totals);
    }

    /// <summary>Precisions in percent, smoothed (Chen and Cherry 2014), and how many orders count.</summary>
    private (double[] Precisions, int Orders) Precisions(NGramCounts counts)
    {
        var (precisions, orders, halving) = (new double[MaxOrder], MaxOrder, 1.0);
        for (var n = 0; n < MaxOrder; n++)
        {
            var added = Smoothing == BleuSmoothing.AddK && n > 0 ? Parameter : 0;
            var (matches, total) = (counts.Matches[n] + added, counts.Totals[n] + added);
            if (total == 0) break;
            if (EffectiveOrder) orders = n + 1;
            precisions[n] = 100 * (matches > 0 ? matches : Smoothing switch
            {
                BleuSmoothing.Exponential => 1 / (halving *= 2),
                BleuSmoothing.Floor => Parameter,
                _ => 0,
            }) / total;
        }
        return (precisions, orders);
    }
}

/// <summary>What BLEU does about orders without a match (Chen and Cherry 2014).</summary>
public enum BleuSmoothing
{
    /// <summary>Method 3, of mteval-v13a: the first such order counts 1/2 match, the second 1/4, and so on.</summary>
    Exponential,

    /// <summary>Method 1: a small number of matches instead of none.</summary>
    Floor,

    /// <summary>Method 2: a number added to matches and totals of all orders but the first.</summary>
    AddK,

    /// <summary>Nothing: one order without a match makes the score 0.</summary>
    None,
}

/// <summary>A BLEU score and what it was computed from.</summary>
/// <param name="Score">0 to 100</param>
/// <param name="Precisions">of the orders 1, 2, …, in percent and smoothed</param>
/// <param name="BrevityPenalty">1 if the outputs are at least as long as the references, less otherwise</param>
/// <param name="HypothesisLength">tokens of the outputs</param>
/// <param name="ReferenceLength">tokens of the references, of several the one nearest in length</param>
/// <param name="Matches">n-grams of each order that are in a reference</param>
/// <param name="Totals">n-grams of each order</param>
public sealed record BleuScore(double Score, IReadOnlyList<double> Precisions, double BrevityPenalty, int HypothesisLength, int ReferenceLength,
    IReadOnlyList<int> Matches, IReadOnlyList<int> Totals)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"BLEU = {Score:0.00} {string.Join("/",
        Precisions.Select(p => p.ToString("0.0", CultureInfo.InvariantCulture)))} (BP = {BrevityPenalty:0.000} hyp_len = {HypothesisLength} ref_len = {ReferenceLength})");
}
