namespace SaeNotebooks.Translation.Measures;

/// <summary>The references of a corpus, by segment.</summary>
internal static class SegmentReferences
{
    /// <summary>One reference per segment.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Single(IReadOnlyList<string> references) => [.. references.Select(r => (IReadOnlyList<string>)[r])];

    /// <summary>The references that are not empty; a segment may have fewer than others, as in sacreBLEU.</summary>
    /// <exception cref="ArgumentException">lengths differ, or a segment has no reference</exception>
    public static IReadOnlyList<IReadOnlyList<string>> Checked(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references)
    {
        if (hypotheses.Count != references.Count)
            throw new ArgumentException($"There are {hypotheses.Count} outputs and {references.Count} references; each output needs its own.", nameof(references));
        if (hypotheses.Count == 0) throw new ArgumentException("A corpus of no segments has no score; give at least one.", nameof(hypotheses));
        return [.. references.Select((choices, i) => choices.Where(r => r.Length > 0).ToList() is { Count: > 0 } present ? present
            : throw new ArgumentException($"Segment {i + 1} has no reference, or an empty one; leave the segment out or give it a reference.", nameof(references)))];
    }

    /// <summary>How many references there are, as a signature says it: a number, or <c>var</c> if it differs by segment.</summary>
    public static string Count(IReadOnlyList<IReadOnlyList<string>> references) =>
        references.Select(r => r.Count).Distinct().ToList() is [var count] ? $"{count}" : "var";
}
