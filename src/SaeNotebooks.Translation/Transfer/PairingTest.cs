using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>Whether pairs have more of something than the same latents and the same matches put together anew: a permutation test.</summary>
/// <param name="Pairs">how many pairs</param>
/// <param name="Mean">over the pairs</param>
/// <param name="Shuffled">mean over pairs put together anew</param>
/// <param name="P">one-sided: how often pairs put together anew reach the mean, of 2,000 draws, the data counted as one (Phipson and Smyth 2010)</param>
public sealed record PairingTest(int Pairs, double Mean, double Shuffled, double P)
{
    private const int Draws = 1999;

    /// <param name="values">[latents][matches]: what the latent i has in common with the match of the latent k; the pairs are the diagonal</param>
    /// <param name="seed">of the draws</param>
    /// <exception cref="ArgumentException">there are no pairs</exception>
    internal static PairingTest Of(IReadOnlyList<double[]> values, ulong seed)
    {
        if (values.Count == 0) throw new ArgumentException("There are no pairs to test.", nameof(values));
        var rng = new Rng(seed);
        var mean = values.Select((row, i) => row[i]).Average();
        double[] shuffled = [.. Enumerable.Range(0, Draws).Select(_ =>
        {
            var order = values.Select((_, i) => (Match: i, Place: rng.NextBits())).OrderBy(p => p.Place).Select(p => p.Match);
            return values.Zip(order, (row, k) => row[k]).Average();
        })];
        return new(values.Count, mean, shuffled.Average(), (shuffled.Count(s => s >= mean - 1e-12) + 1.0) / (Draws + 1));
    }
}
