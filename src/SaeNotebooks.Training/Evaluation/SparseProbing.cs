using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Evaluation;

/// <summary>Activations of tokens with a yes-or-no label each. Tokens of one unit, such as a sentence, are trained on together or tested on together.</summary>
/// <param name="Activations">[n, d_in]; stays the caller's</param>
/// <param name="Labels">[n]</param>
/// <param name="Units">[n]: the unit of each, counted from 0</param>
public sealed record LabelledTokens(Tensor Activations, IReadOnlyList<bool> Labels, IReadOnlyList<int> Units)
{
    /// <summary>Every second unit is tested on.</summary>
    internal (int[] Train, int[] Test) Split()
    {
        int[] Where(int remainder) => [.. Enumerable.Range(0, Labels.Count).Where(i => Units[i] % 2 == remainder)];
        var (train, test) = (Where(0), Where(1));
        foreach (var half in new[] { train, test })
            if (half.Select(i => Labels[i]).Distinct().Count() < 2)
                throw new ArgumentException($"Both halves need tokens with and without the label; one has {half.Count(i => Labels[i])} of {half.Length} with it. Give more units.");
        return (train, test);
    }

    internal bool[] LabelsOf(int[] rows) => [.. rows.Select(r => Labels[r])];
}

/// <summary>How well few latents tell a label.</summary>
/// <param name="Latents">the latents, those first whose mean differs most</param>
/// <param name="Accuracy">of a logistic probe on them, on units that it was not trained on</param>
/// <param name="F1">of the same</param>
/// <param name="DenseAccuracy">of a probe on the whole activation</param>
/// <param name="Majority">of always saying what is more frequent</param>
/// <param name="Tokens">tokens that were tested on</param>
public sealed record ProbeScore(IReadOnlyList<int> Latents, double Accuracy, double F1, double DenseAccuracy, double Majority, int Tokens);

/// <summary>Sparse probing (Gurnee et al. 2023): whether what a probe finds in an activation sits in a few latents.</summary>
public static class SparseProbing
{
    /// <summary>Trains and tests a probe on the <paramref name="k"/> latents whose mean differs most between tokens with and without a label.</summary>
    /// <exception cref="ArgumentException">a half of the units has no token with the label, or none without</exception>
    public static ProbeScore Measure(Sae sae, LabelledTokens tokens, int k = 1)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (train, test) = tokens.Split();
        using var latents = sae.Encode(tokens.Activations);
        int[] chosen = [.. MeanDifferences(latents, tokens.Labels, train).Index().OrderByDescending(d => Math.Abs(d.Item)).Take(k).Select(d => d.Index)];
        var sparse = Test(latents.Of(chosen), tokens, train, test);
        var dense = Test(tokens.Activations, tokens, train, test);
        var labels = tokens.LabelsOf(test);
        var (hits, said, held) = (sparse.Zip(labels).Count(p => p.First && p.Second), sparse.Count(p => p), labels.Count(l => l));
        return new(chosen, Accuracy(sparse, labels), 2.0 * hits / Math.Max(1, said + held), Accuracy(dense, labels), Math.Max(held, test.Length - held) / (double)test.Length, test.Length);
    }

    /// <summary>Of each latent, its mean over tokens with the label less its mean over the others, in the training half.</summary>
    internal static double[] MeanDifferences(SparseLatents latents, IReadOnlyList<bool> labels, int[] train)
    {
        var sums = new double[2, latents.Width];
        var (ids, values) = (latents.Ids.cpu().data<long>().ToArray(), latents.Values.cpu().data<float>().ToArray());
        foreach (var token in train)
            for (var at = latents.Offsets[token]; at < latents.Offsets[token + 1]; at++) sums[labels[token] ? 1 : 0, ids[at]] += values[at];
        double positive = train.Count(t => labels[t]), negative = train.Length - positive;
        return [.. Enumerable.Range(0, latents.Width).Select(l => sums[1, l] / positive - sums[0, l] / negative)];
    }

    private static bool[] Test(Tensor features, LabelledTokens tokens, int[] train, int[] test)
    {
        Tensor Rows(int[] rows) => features.index_select(0, tensor([.. rows.Select(r => (long)r)], device: features.device)).cpu();
        return LogisticProbe.Fit(Rows(train), tokens.LabelsOf(train)).Predict(Rows(test));
    }

    private static double Accuracy(bool[] said, bool[] labels) => said.Zip(labels).Count(p => p.First == p.Second) / (double)labels.Length;
}
