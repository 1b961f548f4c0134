using SaeNotebooks.Translation.Measures.Tokenizers;

namespace SaeNotebooks.Translation.Measures.EditRate;

/// <summary>
/// Translation edit rate (Snover et al. 2006) as sacreBLEU 2 computes it after Tercom: insertions, deletions, substitutions and shifts
/// of word sequences that turn the output into the reference, per word of the reference. Lower is better.
/// </summary>
public sealed record TranslationEditRate
{
    /// <summary>Whether punctuation is separated from words first.</summary>
    public bool Normalized { get; init; }

    /// <summary>Whether punctuation is removed first.</summary>
    public bool NoPunctuation { get; init; }

    /// <summary>Whether the other two know ideographs and Asian punctuation.</summary>
    public bool AsianSupport { get; init; }

    /// <summary>Whether case matters.</summary>
    public bool CaseSensitive { get; init; }

    /// <summary>Tercom's and sacreBLEU's defaults.</summary>
    public static TranslationEditRate Default { get; } = new();

    /// <summary>The rate of a corpus in percent: 0 for equal texts; it can exceed 100.</summary>
    /// <param name="hypotheses">one output per segment</param>
    /// <param name="references">for each segment its references: the nearest counts, over the mean of their lengths; empty ones do not count</param>
    /// <exception cref="ArgumentException">lengths differ, there are no segments, or a segment has no reference</exception>
    public double Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references)
    {
        var tokenizer = new TercomTokenizer(Normalized, NoPunctuation, AsianSupport, CaseSensitive);
        var (edits, length) = (0, 0.0);
        foreach (var (hypothesis, choices) in hypotheses.Zip(SegmentReferences.Checked(hypotheses, references)))
        {
            var words = tokenizer.Tokenize(hypothesis);
            var others = choices.Select(tokenizer.Tokenize).ToList();
            edits += others.Min(reference => ShiftSearch.Edits(words, reference));
            length += others.Average(reference => reference.Length);
        }
        return length > 0 ? 100 * edits / length : edits > 0 ? 100 : 0;
    }

    /// <summary>The rate of a corpus with one reference per segment, in percent.</summary>
    /// <inheritdoc cref="Corpus(IReadOnlyList{string}, IReadOnlyList{IReadOnlyList{string}})"/>
    public double Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references) => Corpus(hypotheses, SegmentReferences.Single(references));

    /// <summary>The rate of one segment, in percent.</summary>
    /// <exception cref="ArgumentException">there is no reference</exception>
    public double Sentence(string hypothesis, params IReadOnlyList<string> references) => Corpus([hypothesis], [references]);

    /// <summary>sacreBLEU's signature.</summary>
    /// <param name="references">references per segment: <c>1</c>, or <c>var</c></param>
    public string Signature(string references = "1") => Measures.Signature.Of(references, ("case", CaseSensitive ? "mixed" : "lc"), ("tok", "tercom"),
        ("norm", Normalized), ("punct", !NoPunctuation), ("asian", AsianSupport));
}
