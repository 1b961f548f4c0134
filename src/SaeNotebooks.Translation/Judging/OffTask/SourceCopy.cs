namespace SaeNotebooks.Translation.Judging.OffTask;

/// <summary>Whether an output is its source.</summary>
internal static class SourceCopy
{
    /// <summary>The share of words that two texts have in common in the same order (F1) from which one is a copy of the other, small changes and all.</summary>
    private const double Overlap = 0.8;

    /// <summary>Whether two texts are nearly the same; neither case nor punctuation matters.</summary>
    public static bool Is(string output, string source)
    {
        List<string> left = Tokens.Of(output.ToLowerInvariant()), right = Tokens.Of(source.ToLowerInvariant());
        return left.Count > 0 && right.Count > 0 && 2.0 * LongestCommonSubsequence(left, right) / (left.Count + right.Count) >= Overlap;
    }

    private static int LongestCommonSubsequence(List<string> left, List<string> right)
    {
        var lengths = new int[right.Count + 1];
        foreach (var word in left)
            for (var (j, diagonal) = (1, 0); j <= right.Count; j++)
                (diagonal, lengths[j]) = (lengths[j], word == right[j - 1] ? diagonal + 1 : Math.Max(lengths[j], lengths[j - 1]));
        return lengths[^1];
    }
}
