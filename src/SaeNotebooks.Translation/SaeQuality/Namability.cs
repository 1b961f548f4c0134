using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Translation.SaeQuality;

/// <summary>Tokens with the latents that fire there and a label, which belongs to a unit of one or more tokens.</summary>
/// <param name="Active">by observation, the latents that fire</param>
/// <param name="Units">by observation, its unit; units are counted from 0</param>
/// <param name="Labels">by unit; null where none holds</param>
internal sealed record Observations(IReadOnlyList<int[]> Active, IReadOnlyList<int> Units, IReadOnlyList<string?> Labels);

/// <summary>
/// How well the firing of a single latent tells a label, by Matthews' correlation of the two: unlike F1 it gives no credit to a latent that
/// always fires where the label mostly holds. The best latent of each label is taken on the same observations, which flatters;
/// labels shuffled among the labelled units are flattered just as much and show what is left.
/// </summary>
internal static class Namability
{
    /// <param name="kind">language, task or concept</param>
    /// <param name="observations">where latents fire</param>
    /// <param name="options">thresholds and the shuffle's seed</param>
    public static NamabilityScore Score(string kind, Observations observations, SaeEvaluationOptions options)
    {
        var real = Table.Of(observations, options.LeastCount);
        var shuffled = Table.Of(observations with { Labels = Shuffled(observations.Labels, new Rng(options.Seed)) }, options.LeastCount);
        var named = real.BestOfEachLabel().OrderByDescending(l => l.Correlation).ToList();
        return new(kind, named, Mean(named), Mean(shuffled.BestOfEachLabel()), real.NamedShare(options.NamedFrom), shuffled.NamedShare(options.NamedFrom));
    }

    private static double Mean(IReadOnlyList<NamedLatent> named) => named.Count == 0 ? 0 : named.Average(l => l.Correlation);

    /// <summary>The same labels on the same units, in another order (Fisher–Yates).</summary>
    private static string?[] Shuffled(IReadOnlyList<string?> labels, Rng rng)
    {
        var places = labels.Index().Where(l => l.Item is not null).Select(l => l.Index).ToArray();
        string?[] shuffled = [.. labels];
        for (var i = places.Length - 1; i > 0; i--)
        {
            var j = rng.Next(i + 1);
            (shuffled[places[i]], shuffled[places[j]]) = (shuffled[places[j]], shuffled[places[i]]);
        }
        return shuffled;
    }

    /// <summary>Counts of firing and labels over the observations.</summary>
    private sealed class Table
    {
        private readonly string[] _labels;
        private readonly int[] _positives; // observations with a label
        private readonly Dictionary<int, int[]> _hits = []; // by latent: observations with a label on which it fires
        private readonly Dictionary<int, int> _fires = [];
        private readonly int _count;

        private Table(string[] labels, int count) => (_labels, _positives, _count) = (labels, new int[labels.Length], count);

        public static Table Of(Observations observations, int leastCount)
        {
            var labels = observations.Units.Select(u => observations.Labels[u]).OfType<string>().CountBy(l => l)
                .Where(l => l.Value >= leastCount).Select(l => l.Key).Order(StringComparer.Ordinal).ToArray();
            var index = labels.Index().ToDictionary(l => l.Item, l => l.Index);
            var table = new Table(labels, observations.Active.Count);
            foreach (var (active, unit) in observations.Active.Zip(observations.Units))
                table.Count(active, observations.Labels[unit] is { } label && index.TryGetValue(label, out var at) ? at : null);
            return table;
        }

        public IReadOnlyList<NamedLatent> BestOfEachLabel() => _hits.Count == 0 ? [] :
        [
            .. _labels.Select((label, l) =>
            {
                var best = _hits.Keys.Order().MaxBy(latent => Correlation(latent, l));
                return new NamedLatent(label, best, Correlation(best, l), F1(best, l), BalancedAccuracy(best, l), _positives[l]);
            }),
        ];

        public double NamedShare(double from) => _hits.Count == 0 || _labels.Length == 0 ? 0
            : _hits.Keys.Count(latent => Enumerable.Range(0, _labels.Length).Any(l => Correlation(latent, l) >= from)) / (double)_hits.Count;

        private void Count(int[] active, int? label)
        {
            if (label is { } positive) _positives[positive]++;
            foreach (var latent in active)
            {
                _fires[latent] = _fires.GetValueOrDefault(latent) + 1;
                if (!_hits.TryGetValue(latent, out var hits)) _hits[latent] = hits = new int[_labels.Length];
                if (label is { } hit) hits[hit]++;
            }
        }

        /// <summary>(TP · N − fires · positives) / √(fires · silent · positives · negatives); 0 where one of these is 0.</summary>
        private double Correlation(int latent, int label)
        {
            double fires = _fires[latent], positives = _positives[label];
            var spread = Math.Sqrt(fires * (_count - fires) * positives * (_count - positives));
            return spread == 0 ? 0 : (_hits[latent][label] * (double)_count - fires * positives) / spread;
        }

        private double F1(int latent, int label) => 2.0 * _hits[latent][label] / (_fires[latent] + _positives[label]);

        private double BalancedAccuracy(int latent, int label)
        {
            double hits = _hits[latent][label], negatives = _count - _positives[label];
            return (hits / _positives[label] + (negatives == 0 ? 1 : 1 - (_fires[latent] - hits) / negatives)) / 2;
        }
    }
}
