using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>Carries out <see cref="WeightProcessing"/> on a model that was just loaded. Arithmetic in float32, weights changed in
/// place.</summary>
/// <param name="family">for error messages</param>
/// <param name="owned">the model's tensors, to which new ones are added</param>
internal sealed class WeightFolding(string family, ICollection<Tensor> owned)
{
    /// <exception cref="ArgumentException">a step would change this family's predictions</exception>
    public Decoder Apply(Decoder decoder, WeightProcessing steps)
    {
        if (steps == WeightProcessing.None) return decoder;
        RequirePossible(decoder, steps);
        using var _ = no_grad();
        if (steps != WeightProcessing.FoldValueBiases) decoder = decoder with { Head = Untied(decoder) };
        if (steps.HasFlag(WeightProcessing.FoldLn)) decoder = FoldNorms(decoder);
        if (steps.HasFlag(WeightProcessing.CenterWritingWeights)) CentreWriters(decoder);
        if (steps.HasFlag(WeightProcessing.CenterUnembed) && decoder.Head is { } head) Centre(head.Unembedding, dimension: 0);
        if (steps.HasFlag(WeightProcessing.FoldValueBiases))
            decoder = decoder with { Blocks = [.. decoder.Blocks.Select(b => b with { Attention = FoldValueBias(b.Attention) })] };
        return decoder;
    }

    private void RequirePossible(Decoder decoder, WeightProcessing steps)
    {
        if (steps.HasFlag(WeightProcessing.CenterWritingWeights) && decoder.Blocks.Any(b => b is SandwichBlock || b.Norm1 is not LayerNorm))
            throw new ArgumentException($"{WeightProcessing.CenterWritingWeights} needs layer norms, and {family} has RMS norms, which see the mean; leave it out.");
        if (steps.HasFlag(WeightProcessing.CenterUnembed) && decoder.Head?.SoftCap is not null)
            throw new ArgumentException($"{WeightProcessing.CenterUnembed} would change the predictions of {family}, whose logits are soft-capped; leave it out.");
    }

    /// <summary>The head with an unembedding of its own, since embedding and unembedding are no longer the same.</summary>
    private Head? Untied(Decoder decoder)
    {
        if (decoder.Head is not { } head || !ReferenceEquals(head.Unembedding.Weight, decoder.Embedding.Weight)) return decoder.Head;
        return head with { Unembedding = head.Unembedding with { Weight = Own(head.Unembedding.Weight.clone()) } };
    }

    private Decoder FoldNorms(Decoder decoder) => decoder with
    {
        Blocks = [.. decoder.Blocks.Select(b => b with
        {
            Norm1 = Folded(b.Norm1), Attention = b.Attention with { QueryKeyValue = new([.. b.Attention.QueryKeyValue.Parts.Select(p => FoldInto(p, b.Norm1))]) },
            Norm2 = Folded(b.Norm2), Mlp = b.Mlp with { In = FoldInto(b.Mlp.In, b.Norm2) },
        })],
        Head = decoder.Head is { } head ? head with { Norm = Folded(head.Norm), Unembedding = FoldInto(head.Unembedding, head.Norm) } : null,
    };

    private static Norm Folded(Norm norm) => norm with { Gain = null, Bias = null };

    /// <summary>W (γ ∘ x + β) + b = (W ∘ γ) x + (W β + b); since a layer norm's x has mean zero, a row's mean of W ∘ γ does nothing.</summary>
    private Linear FoldInto(Linear linear, Norm norm)
    {
        using var scope = NewDisposeScope();
        var weight = linear.Weight.to(ScalarType.Float32); // [d_out, d_in]
        if (norm.Bias is { } beta) linear = WithBias(linear, weight.mv(beta));
        if (norm.Gain is { } gamma) linear.Weight.copy_(weight * gamma);
        if (norm is LayerNorm) Centre(linear with { Bias = null }, dimension: 1);
        return linear;
    }

    private static void CentreWriters(Decoder decoder)
    {
        Centre(new Linear(decoder.Embedding.Weight, null), dimension: 1);
        if (decoder.Embedding.Positions is { } positions) Centre(new Linear(positions, null), dimension: 1);
        foreach (var block in decoder.Blocks)
        {
            Centre(block.Attention.Output, dimension: 0);
            Centre(block.Mlp.Out, dimension: 0);
        }
    }

    /// <summary>Takes the mean over a dimension of the weight off, and that of the bias if outputs are centred.</summary>
    private static void Centre(Linear linear, long dimension)
    {
        using var scope = NewDisposeScope();
        var weight = linear.Weight.to(ScalarType.Float32);
        linear.Weight.copy_(weight - weight.mean([dimension], keepdim: true));
        if (linear.Bias is { } bias) bias.copy_(bias.to(ScalarType.Float32) - bias.to(ScalarType.Float32).mean());
    }

    /// <summary>Each head's z has its value bias added once, because a pattern sums to one: b_O ← b_O + W_O b_V, b_V ← 0.</summary>
    private Attention FoldValueBias(Attention attention)
    {
        if (attention.QueryKeyValue.Parts[^1].Bias is not { } bias) return attention;
        using var scope = NewDisposeScope();
        var (nHeads, nValues, dHead) = (attention.Shape.NHeads, attention.Shape.NKeyValueHeads, attention.Shape.DHead);
        var values = bias.narrow(0, bias.shape[0] - nValues * dHead, nValues * dHead);
        var perHead = values.view(nValues, 1, dHead).expand(-1, nHeads / nValues, -1).reshape(-1).to(ScalarType.Float32); // [n_heads · d_head]
        var output = WithBias(attention.Output, attention.Output.Weight.to(ScalarType.Float32).mv(perHead));
        values.zero_();
        return attention with { Output = output };
    }

    /// <summary>The map with something added to its bias.</summary>
    private Linear WithBias(Linear linear, Tensor added)
    {
        if (linear.Bias is null) return linear with { Bias = Own(added.to(linear.Weight.dtype, copy: true)) };
        linear.Bias.copy_(linear.Bias.to(ScalarType.Float32) + added);
        return linear;
    }

    private Tensor Own(Tensor tensor)
    {
        owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
