using SaeNotebooks.Harvest.Corpora;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Harvest.Tests;

/// <summary>The slow twin of an index: each document run by itself, and every activation of every latent in a dense array.</summary>
internal sealed class BruteForce
{
    private BruteForce(int[] ids, int[] sequences, bool[] counted, float[,] activations) => (Ids, Sequences, Counted, Activations) = (ids, sequences, counted, activations);

    /// <summary>[tokens]</summary>
    public int[] Ids { get; }

    /// <summary>[tokens] the document of each token</summary>
    public int[] Sequences { get; }

    /// <summary>[tokens] all but the first of each document</summary>
    public bool[] Counted { get; }

    /// <summary>[tokens, latents]</summary>
    public float[,] Activations { get; }

    public int CountedTokens => Counted.Count(c => c);

    public static BruteForce Of(HookedTransformer model, Sae sae, ICorpus corpus)
    {
        List<int> ids = [], sequences = [];
        List<bool> counted = [];
        List<float[]> rows = [];
        foreach (var (number, document) in corpus.From(0).Index())
        {
            using var scope = NewDisposeScope();
            int[] tokens = [.. document.Read(model.Tokenizer!).Ids];
            using var run = model.Run(tokens, sae.Config.Hook);
            var x = run[sae.Config.Hook][0].to(float32);
            var pre = (x - sae.DecoderBias).matmul(sae.Encoder) + sae.EncoderBias; // [pos, latents]
            var active = sae.Activation.Dense(pre).data<float>().ToArray();
            for (var t = 0; t < tokens.Length; t++)
            {
                (int Id, bool Counts) token = (tokens[t], t > 0);
                ids.Add(token.Id);
                counted.Add(token.Counts);
                sequences.Add(number);
                rows.Add(token.Counts ? active[(t * sae.Width)..((t + 1) * sae.Width)] : new float[sae.Width]);
            }
        }
        var all = new float[ids.Count, sae.Width];
        for (var t = 0; t < rows.Count; t++)
            for (var j = 0; j < sae.Width; j++) all[t, j] = rows[t][j];
        return new([.. ids], [.. sequences], [.. counted], all);
    }

    /// <summary>Where a latent fires.</summary>
    public (int Place, float Value)[] Firings(int latent) =>
        [.. Enumerable.Range(0, Ids.Length).Where(t => Activations[t, latent] > 0).Select(t => (t, Activations[t, latent]))];

    /// <summary>Pearson's correlation of a latent with each latent of another SAE on the same text; NaN for one that never fires.</summary>
    public double[] Correlations(int one, BruteForce other)
    {
        int[] places = [.. Enumerable.Range(0, Ids.Length).Where(t => Counted[t])];
        double[] mine = [.. places.Select(t => (double)Activations[t, one])];
        var mean = mine.Average();
        var spread = mine.Sum(a => (a - mean) * (a - mean));
        var correlations = new double[other.Activations.GetLength(1)];
        for (var j = 0; j < correlations.Length; j++)
        {
            double sum = 0, squares = 0, products = 0;
            for (var i = 0; i < places.Length; i++)
            {
                double b = other.Activations[places[i], j];
                sum += b;
                squares += b * b;
                products += (mine[i] - mean) * b;
            }
            correlations[j] = products / Math.Sqrt(spread * (squares - sum * sum / places.Length));
        }
        return correlations;
    }
}
