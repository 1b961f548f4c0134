namespace SaeNotebooks.Translation.Measures;

/// <summary>The share of outputs that are a reference, character by character but for white space around them.</summary>
public static class ExactMatch
{
    /// <summary>The share in a corpus, 0 to 1.</summary>
    /// <param name="hypotheses">one output per segment</param>
    /// <param name="references">for each segment its references; empty ones do not count</param>
    /// <exception cref="ArgumentException">lengths differ, there are no segments, or a segment has no reference</exception>
    public static double Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references) =>
        hypotheses.Zip(SegmentReferences.Checked(hypotheses, references)).Average(pair => pair.Second.Any(r => r.Trim() == pair.First.Trim()) ? 1.0 : 0.0);

    /// <summary>The share in a corpus with one reference per segment, 0 to 1.</summary>
    /// <inheritdoc cref="Corpus(IReadOnlyList{string}, IReadOnlyList{IReadOnlyList{string}})"/>
    public static double Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references) => Corpus(hypotheses, SegmentReferences.Single(references));
}
