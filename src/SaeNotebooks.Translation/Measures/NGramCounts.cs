namespace SaeNotebooks.Translation.Measures;

/// <summary>BLEU's sufficient statistics of a corpus: n-grams of each order in all and in the references, and lengths in tokens.</summary>
internal sealed class NGramCounts(int maxOrder)
{
    public int[] Matches { get; } = new int[maxOrder];

    public int[] Totals { get; } = new int[maxOrder];

    public int HypothesisLength { get; private set; }

    public int ReferenceLength { get; private set; }

    /// <summary>Adds a segment: an n-gram counts as often as the reference that has it most often.</summary>
    public void Add(string[] hypothesis, IReadOnlyList<string[]> references)
    {
        HypothesisLength += hypothesis.Length;
        ReferenceLength += references.Select(r => r.Length).MinBy(length => (Math.Abs(length - hypothesis.Length), length));
        for (var n = 1; n <= maxOrder; n++)
        {
            var allowed = new Dictionary<string, int>();
            foreach (var reference in references)
                foreach (var (gram, count) in Of(reference, n)) allowed[gram] = Math.Max(allowed.GetValueOrDefault(gram), count);
            Totals[n - 1] += Math.Max(0, hypothesis.Length - n + 1);
            Matches[n - 1] += Of(hypothesis, n).Sum(gram => Math.Min(gram.Value, allowed.GetValueOrDefault(gram.Key)));
        }
    }

    /// <summary>How often each n-gram occurs.</summary>
    /// <param name="items">words, or characters</param>
    /// <param name="n">how many stand together</param>
    /// <param name="separator">divides words, which hold no spaces; characters need none</param>
    public static Dictionary<string, int> Of(string[] items, int n, string separator = " ")
    {
        var counts = new Dictionary<string, int>();
        for (var i = 0; i + n <= items.Length; i++)
        {
            var gram = string.Join(separator, items, i, n);
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }
        return counts;
    }
}
