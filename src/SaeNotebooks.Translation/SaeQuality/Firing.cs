using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Translation.Evaluation;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.SaeQuality;

/// <summary>What an SAE does on every token of some documents but the first, which is BOS.</summary>
internal sealed class Firing
{
    private const int TokensPerBatch = 4096;

    private readonly int[][][] _active; // [document][position][active latent]
    private double _error, _squares;
    private double[] _sum = [];

    private Firing(int documents, int width) => (_active, Counts) = (new int[documents][][], new int[width]);

    /// <summary>Tokens encoded.</summary>
    public int Tokens { get; private set; }

    /// <summary>By latent: on how many tokens it fires.</summary>
    public int[] Counts { get; }

    /// <summary>Active latents per token.</summary>
    public double L0 => Counts.Sum(c => (long)c) / (double)Tokens;

    /// <summary>1 − Σ‖x − x̂‖² / Σ‖x − x̄‖², numerator and denominator over all tokens.</summary>
    public double ExplainedVariance => 1 - _error / (_squares - _sum.Sum(s => s * s) / Tokens);

    /// <summary>The latents that fire at a token; none at BOS, which is not encoded.</summary>
    public int[] this[int document, int position] => _active[document][position];

    public static Firing Of(HookedTransformer model, Sae sae, IReadOnlyList<IReadOnlyList<int>> documents, CancellationToken cancel)
    {
        var firing = new Firing(documents.Count, sae.Width) { _sum = new double[sae.InputWidth] };
        foreach (var batch in Batches.ByLength(documents, int.MaxValue, TokensPerBatch))
        {
            using var scope = NewDisposeScope();
            using var run = model.Run(new TokenBatch(batch.Select(i => documents[i])), sae.Config.Hook, cancellation: cancel);
            var parts = batch.Select((i, row) => run[sae.Config.Hook][row].narrow(0, 1, documents[i].Count - 1)).ToArray();
            firing.Add(sae, cat(parts).to(ScalarType.Float32), [.. batch.Select(i => (i, documents[i].Count))]);
        }
        return firing;
    }

    /// <param name="sae">the SAE</param>
    /// <param name="x">[tokens, d_in], the documents one after the other without BOS</param>
    /// <param name="documents">which documents, and how many tokens each has with BOS</param>
    private void Add(Sae sae, Tensor x, List<(int Document, int Length)> documents)
    {
        using var latents = sae.Encode(x);
        _error += SumOfSquares(x - sae.Decode(latents));
        _squares += SumOfSquares(x);
        foreach (var (d, sum) in x.sum([0L], type: ScalarType.Float64).cpu().data<double>().ToArray().Index()) _sum[d] += sum;
        Tokens += (int)x.shape[0];

        int[] ids = [.. latents.Ids.cpu().data<long>().ToArray().Select(id => (int)id)];
        foreach (var latent in ids) Counts[latent]++;
        var token = 0;
        foreach (var (document, length) in documents)
            _active[document] = [[], .. Enumerable.Range(1, length - 1).Select(_ => ids[(int)latents.Offsets[token]..(int)latents.Offsets[++token]])];
    }

    private static double SumOfSquares(Tensor x) => (x * x).sum(ScalarType.Float64).item<double>();
}
