namespace SaeNotebooks.Features.Questions;

/// <summary>Divides the range of a latent's activations.</summary>
internal static class Ranges
{
    public static ActivationHistogram Histogram(Occurrences occurrences, int bins)
    {
        if (bins < 1) throw new ArgumentOutOfRangeException(nameof(bins), bins, "A histogram has at least one bin.");
        var counts = CodeCounts.Of(occurrences);
        var borders = EqualWidths(occurrences, bins);
        var to = occurrences.Count == 0 ? 0 : occurrences.ValueOf((ushort)Array.FindLastIndex(counts, c => c > 0));
        return new(0, to, [.. borders.Zip(borders.Skip(1), (from, next) => counts[from..next].Sum(c => (long)c))]);
    }

    /// <summary>Codes at which parts of equal width begin, and the end of the last.</summary>
    /// <returns>[parts + 1], ascending</returns>
    public static int[] EqualWidths(Occurrences occurrences, int parts)
    {
        RequireParts(parts);
        var max = Strongest(occurrences);
        var borders = new int[parts + 1];
        for (var i = 1; i < parts; i++) borders[i] = occurrences.FirstCode((double)max * i / parts);
        borders[parts] = CodeCounts.Length;
        return borders;
    }

    /// <summary>Codes at which parts with equally many firings begin, and the end of the last.</summary>
    /// <returns>[parts + 1], ascending</returns>
    public static int[] EqualCounts(Occurrences occurrences, int parts)
    {
        RequireParts(parts);
        var counts = CodeCounts.Of(occurrences);
        var borders = new int[parts + 1];
        long below = 0;
        var part = 1;
        for (var code = 0; code < counts.Length && part < parts; code++)
        {
            below += counts[code];
            while (part < parts && below * parts >= (long)occurrences.Count * part) borders[part++] = code + 1;
        }
        borders[parts] = CodeCounts.Length;
        return borders;
    }

    private static float Strongest(Occurrences occurrences)
    {
        var max = 0f;
        for (var i = 0; i < occurrences.Count; i++) max = Math.Max(max, occurrences[i]);
        return max;
    }

    private static void RequireParts(int parts)
    {
        if (parts < 1) throw new ArgumentOutOfRangeException(nameof(parts), parts, "The range has at least one part.");
    }
}
