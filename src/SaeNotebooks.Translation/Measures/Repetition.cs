using SaeNotebooks.Translation.Judging.OffTask;

namespace SaeNotebooks.Translation.Measures;

/// <summary>How much a text repeats itself: the share of its n-grams that have occurred in it before, 1 − distinct / all (Welleck et al. 2020, seq-rep-n).</summary>
public static class Repetition
{
    /// <summary>Of one text; 0 where it has no n-gram.</summary>
    /// <param name="text">words of alphabets, and single Chinese characters and kana, are its tokens; neither case nor punctuation matters</param>
    /// <param name="order">n</param>
    public static double Of(string text, int order = 4)
    {
        var tokens = Tokens.Of(text.ToLowerInvariant());
        var all = Math.Max(0, tokens.Count - order + 1);
        return all == 0 ? 0 : 1 - (double)Enumerable.Range(0, all).Select(i => string.Join(' ', tokens.GetRange(i, order))).Distinct().Count() / all;
    }

    /// <summary>The mean over texts.</summary>
    public static double Corpus(IReadOnlyList<string> texts, int order = 4) => texts.Average(t => Of(t, order));
}
