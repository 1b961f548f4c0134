using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Discovery;

/// <summary>A latent that is active at the watched positions often enough.</summary>
/// <param name="Latent">its number</param>
/// <param name="Share">largest share of samples by the rule: at one position, or at any</param>
/// <param name="Mean">its mean over the occurrences that the rule counts, where it is active</param>
public sealed record RecalledLatent(int Latent, double Share, double Mean);

/// <summary>How often each latent of one SAE is active at watched tokens of samples.</summary>
public sealed class Recall
{
    private readonly IReadOnlyList<Occurrences> _positions;
    private readonly Occurrences _any;

    private Recall(IReadOnlyList<Occurrences> positions, Occurrences any) => (_positions, _any) = (positions, any);

    /// <summary>Samples in which each position exists.</summary>
    public IReadOnlyList<int> Samples => [.. _positions.Select(p => p.Samples)];

    /// <summary>Counts.</summary>
    /// <param name="sae">the SAE</param>
    /// <param name="positions">for each position, the samples that have it and the activation there: [samples, d_in]</param>
    /// <param name="samples">how many samples there are</param>
    public static Recall Of(Sae sae, IReadOnlyList<(IReadOnlyList<int> Samples, Tensor Rows)> positions, int samples)
    {
        var any = new Occurrences(sae.Width, positions.SelectMany(p => p.Samples).Distinct().Count());
        var seen = new HashSet<long>();
        List<Occurrences> each = [];
        foreach (var (owners, rows) in positions)
        {
            var own = new Occurrences(sae.Width, owners.Count);
            foreach (var (row, latent, value) in Entries(sae, rows))
            {
                own.Add(latent, value, isNew: true);
                any.Add(latent, value, seen.Add((long)owners[row] * sae.Width + latent));
            }
            each.Add(own);
        }
        if (positions.Any(p => p.Samples.Any(s => s >= samples))) throw new ArgumentException($"A position names a sample beyond the {samples} that there are.", nameof(positions));
        return new(each, any);
    }

    /// <summary>The latents that a rule keeps, in ascending order.</summary>
    public IReadOnlyList<RecalledLatent> Keep(RecallOptions options)
    {
        var groups = options.Rule == RecallRule.AnyPosition ? [_any] : _positions;
        return [.. groups.SelectMany(g => g.Keep(options)).GroupBy(r => r.Latent).Select(g => g.MaxBy(r => r.Share)!).OrderBy(r => r.Latent)];
    }

    /// <summary>The active latents of encoded rows, row after row.</summary>
    private static IEnumerable<(int Row, int Latent, float Value)> Entries(Sae sae, Tensor rows)
    {
        if (rows.shape[0] == 0) yield break;
        using var encoded = sae.Encode(rows);
        var (ids, values) = (encoded.Ids.cpu().data<long>().ToArray(), encoded.Values.cpu().data<float>().ToArray());
        for (var row = 0; row < encoded.Tokens; row++)
            for (var i = encoded.Offsets[row]; i < encoded.Offsets[row + 1]; i++)
                yield return (row, (int)ids[i], values[i]);
    }

    /// <summary>Samples with a latent active, and the sum of its activations, by latent.</summary>
    private sealed class Occurrences(int width, int samples)
    {
        private readonly int[] _active = new int[width], _values = new int[width];
        private readonly double[] _sums = new double[width];

        public int Samples => samples;

        public void Add(int latent, float value, bool isNew)
        {
            if (isNew) _active[latent]++;
            _values[latent]++;
            _sums[latent] += value;
        }

        public IEnumerable<RecalledLatent> Keep(RecallOptions options)
        {
            var kept = Enumerable.Range(0, width).Where(j => options.Keeps(_active[j], samples) && _sums[j] / _values[j] > options.MinActivation)
                .Select(j => new RecalledLatent(j, (double)_active[j] / samples, _sums[j] / _values[j]));
            return options.Top is { } top ? kept.OrderByDescending(r => r.Mean).ThenBy(r => r.Latent).Take(top) : kept;
        }
    }
}
