using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Translation.Causal;

/// <summary>
/// Random latents to compare with: for each chosen latent, one of the latents that come nearest to it in firing rate and norm at the last
/// token of translation prompts.
/// </summary>
internal static class MatchedControls
{
    /// <summary>How many of the nearest a control is drawn from.</summary>
    private const int Neighbours = 16;

    // Added to rates and norms before their logarithms are compared, so that latents which hardly fire are near each other.
    private const double Floor = 1e-3;

    /// <param name="rates">firing rate of each of the SAE's latents</param>
    /// <param name="norms">mean norm of what each writes</param>
    /// <param name="chosen">the latents to match; never part of a draw</param>
    /// <param name="draws">how many draws</param>
    /// <param name="rng">decides them</param>
    /// <param name="barred">latents that are no controls either</param>
    /// <returns>each draw has as many different latents as were chosen</returns>
    public static IReadOnlyList<IReadOnlyList<int>> Draw(IReadOnlyList<float> rates, IReadOnlyList<float> norms, IReadOnlyList<int> chosen, int draws, Rng rng, IEnumerable<int>? barred = null)
    {
        var near = chosen.Select(j => Nearest(rates, norms, j, [.. chosen, .. barred ?? []]).Take(Neighbours).ToList()).ToList();
        return [.. Enumerable.Range(0, draws).Select(_ => One(near, rng))];
    }

    private static List<int> One(List<List<int>> near, Rng rng)
    {
        var drawn = new List<int>();
        foreach (var latents in near)
        {
            var free = latents.Except(drawn).ToList();
            if (free.Count > 0) drawn.Add(rng.Pick(free));
        }
        return drawn;
    }

    /// <summary>All latents that are not barred, those first that come nearest to one in firing rate and norm.</summary>
    public static IEnumerable<int> Nearest(IReadOnlyList<float> rates, IReadOnlyList<float> norms, int latent, HashSet<int> barred) => Enumerable.Range(0, norms.Count)
        .Where(j => !barred.Contains(j)).OrderBy(j => Gap(rates[j], rates[latent]) + Gap(norms[j], norms[latent]));

    private static double Gap(double a, double b) => Math.Abs(Math.Log((a + Floor) / (b + Floor)));
}
