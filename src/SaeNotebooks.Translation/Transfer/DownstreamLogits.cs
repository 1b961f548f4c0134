using SaeNotebooks.Features;
using SaeNotebooks.Translation.Discovery;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>What latents do to the logits at the end of the model: the mean change of the final residual stream at the last prompt token when a latent is ablated,
/// through the unembedding, with mean 0 and length 1 over the vocabulary. Unlike logit weights it knows what the layers above make of a direction.</summary>
internal static class DownstreamLogits
{
    /// <param name="side">the model and its SAEs</param>
    /// <param name="latents">which</param>
    /// <param name="prompts">translation prompts</param>
    /// <param name="cancel">looked at before every block</param>
    /// <returns>[latents][vocab]; zeros where a latent is silent on all prompts</returns>
    public static float[][] Of(LatentSide side, IReadOnlyList<LatentId> latents, IReadOnlyList<string> prompts, CancellationToken cancel)
    {
        var ids = prompts.Select(p => side.Model.Encode(p)).ToList();
        var measure = new DownstreamInfluence(side.Model, LatentChange.Multiply(0));
        var rows = new float[latents.Count][];
        foreach (var layer in latents.Index().GroupBy(l => l.Item.Layer))
            foreach (var (i, row) in layer.Zip(side.Use(layer.Key, sae => Standardised(side, measure.Vectors(sae, ids, [.. layer.Select(l => l.Item.Latent)], cancel))), (l, row) => (l.Index, row)))
                rows[i] = row;
        return rows;
    }

    /// <summary>Correlations of signatures: [firsts][seconds].</summary>
    public static IReadOnlyList<double[]> Correlations(float[][] firsts, float[][] seconds) =>
        [.. firsts.Select(a => seconds.Select(b => a.Zip(b, (x, y) => (double)x * y).Sum()).ToArray())];

    /// <summary>[latents, prompts, d_model], which is disposed of, to [latents][vocab].</summary>
    private static float[][] Standardised(LatentSide side, Tensor vectors)
    {
        using (vectors)
        {
            using var scope = NewDisposeScope();
            var logits = LogitWeights.Project(side.Model, vectors.mean([1L]));
            return [.. Signatures.Standardised(logits.cpu()).data<float>().ToArray().Chunk((int)logits.shape[1])];
        }
    }
}
