using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Translation.Discovery;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>Carries latents over to another model, of another width: each is matched with the latent of the other model that is most like it.</summary>
public static class LatentTransfer
{
    private const int Draws = 100;

    /// <summary>Matches latents by how their activations at the last prompt token correlate over prompts. The models may have different tokenizers.</summary>
    /// <param name="from">the model whose latents are known</param>
    /// <param name="latents">those of them to carry over</param>
    /// <param name="to">the other model; all its SAEs are searched</param>
    /// <param name="prompts">at least three; the more they differ in what the latents are about, the more a correlation says</param>
    /// <param name="seed">of the control, in which the prompts are dealt out anew</param>
    /// <param name="cancel">looked at before every batch</param>
    /// <returns>one for each latent, in their order</returns>
    /// <exception cref="ArgumentException">too few prompts, no latents, or an SAE that is not of its model</exception>
    public static IReadOnlyList<LatentMatch> ByActivation(LatentSide from, IReadOnlyList<LatentId> latents, LatentSide to, IReadOnlyList<string> prompts, ulong seed = 0,
        CancellationToken cancel = default)
    {
        using var first = new ActivationSignatures(from, prompts, cancel);
        using var second = new ActivationSignatures(to, prompts, cancel);
        return Compare(first, latents, second, seed, cancel).Matches;
    }

    /// <summary>Matches latents by how the weights that their decoder directions give to the tokens correlate over the vocabulary.</summary>
    /// <param name="from">the model whose latents are known</param>
    /// <param name="latents">those of them to carry over</param>
    /// <param name="to">the other model, with the same tokenizer; all its SAEs are searched</param>
    /// <param name="seed">of the control, random mixtures of decoder directions of the same layer</param>
    /// <param name="cancel">looked at before every draw of the control</param>
    /// <returns>one for each latent, in their order</returns>
    /// <exception cref="ArgumentException">different tokenizers, no latents, or an SAE that is not of its model</exception>
    public static IReadOnlyList<LatentMatch> ByLogits(LatentSide from, IReadOnlyList<LatentId> latents, LatentSide to, ulong seed = 0, CancellationToken cancel = default)
    {
        var (first, second) = LogitSignatures.OfBoth(from, to);
        using (first) using (second) return Compare(first, latents, second, seed, cancel).Matches;
    }

    /// <summary>The best match of each latent, and its correlation with every latent of the other model.</summary>
    internal static Comparison Compare(Signatures from, IReadOnlyList<LatentId> latents, Signatures to, ulong seed, CancellationToken cancel)
    {
        from.Side.Require(latents);
        using var scope = NewDisposeScope();
        Tensor own = from.Of(latents), all = to.All(); // [latents, n], [all of the other model, n]
        var ids = to.Ids();
        var correlations = own.matmul(all.t()); // [latents, all]
        var (best, match) = correlations.max(1);
        var back = BestBack(from, latents, all.index_select(0, match));
        var chance = ByChance(from, latents, own, all, new(seed), cancel);
        var (values, matches) = (best.data<float>().ToArray(), match.data<long>().ToArray());
        return new(ids, correlations.data<float>().ToArray().Chunk(ids.Count).ToList(),
            [.. latents.Select((latent, i) => new LatentMatch(latent, ids[(int)matches[i]], values[i], values[i] >= back[i] - 1e-6, chance[i]))]);
    }

    /// <summary>The best that each match has in its latent's layer of the first model.</summary>
    private static float[] BestBack(Signatures from, IReadOnlyList<LatentId> latents, Tensor matches)
    {
        var back = new float[latents.Count];
        foreach (var layer in latents.Index().GroupBy(l => l.Item.Layer, l => l.Index))
        {
            using var scope = NewDisposeScope();
            var rows = matches.index_select(0, tensor([.. layer.Select(i => (long)i)]));
            foreach (var (i, value) in layer.Zip(rows.matmul(from.OfLayer(layer.Key).t()).amax([1]).data<float>().ToArray())) back[i] = value;
        }
        return back;
    }

    private static double[] ByChance(Signatures from, IReadOnlyList<LatentId> latents, Tensor own, Tensor all, Rng rng, CancellationToken cancel)
    {
        var largest = Enumerable.Range(0, Draws).Select(_ =>
        {
            cancel.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            return from.Impostors(latents, own, rng).matmul(all.t()).amax([1]).data<float>().ToArray();
        }).ToArray();
        return [.. latents.Select((_, i) => (double)largest.Select(draw => draw[i]).Order().ElementAt(Draws * 95 / 100 - 1))];
    }
}

/// <summary>Latents of one model compared with all of another.</summary>
/// <param name="Others">the latents of the other model</param>
/// <param name="Correlations">[latents][others]</param>
/// <param name="Matches">the best of each</param>
internal sealed record Comparison(IReadOnlyList<LatentId> Others, IReadOnlyList<float[]> Correlations, IReadOnlyList<LatentMatch> Matches);
