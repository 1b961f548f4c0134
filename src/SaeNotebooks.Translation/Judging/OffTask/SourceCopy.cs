namespace SaeNotebooks.Translation.Judging.OffTask;

/// <summary>Whether an output is its source.</summary>
internal static class SourceCopy
{
    /// <summary>Overlap of words (F1) from which a text counts as a copy of another, small changes and all.</summary>
    private const double Overlap = 0.8;

    /// <summary>Whether two texts have nearly the same words; neither case nor punctuation matters.</summary>
    public static bool Is(string output, string source)
    {
        List<string> left = Tokens.Of(output.ToLowerInvariant()), right = Tokens.Of(source.ToLowerInvariant());
        if (left.Count == 0 || right.Count == 0) return false;
        var common = left.CountBy(w => w).Join(right.CountBy(w => w), p => p.Key, p => p.Key, (p, q) => Math.Min(p.Value, q.Value)).Sum();
        return 2.0 * common / (left.Count + right.Count) >= Overlap;
    }
}
