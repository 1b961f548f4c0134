using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Features;

/// <summary>An output token and what a direction adds to its logit.</summary>
/// <param name="Token">the token</param>
/// <param name="Weight">logits per unit of the direction, before the final norm's scale</param>
public sealed record TokenWeight(Token Token, double Weight);

/// <summary>
/// The output tokens that a direction of the residual stream promotes and suppresses by itself: gain(d) · W_Uᵀ, the final norm's gain folded in and a layer norm's
/// mean taken off, as TransformerLens does with <c>fold_ln</c>; the norm's scale, which depends on the text, and soft caps are left out.
/// </summary>
/// <param name="Top">promoted most, the most first</param>
/// <param name="Bottom">suppressed most, the most first</param>
public sealed record LogitWeights(IReadOnlyList<TokenWeight> Top, IReadOnlyList<TokenWeight> Bottom)
{
    /// <summary>Reads a direction through the unembedding.</summary>
    /// <param name="model">the model</param>
    /// <param name="direction">[d_model]</param>
    /// <param name="count">tokens on either side</param>
    /// <exception cref="ArgumentException">another shape, or more tokens than there are</exception>
    public static LogitWeights Of(HookedTransformer model, Tensor direction, int count = 10)
    {
        if (direction.dim() != 1) throw new ArgumentException($"The direction has shape [{string.Join(", ", direction.shape)}], expected [{model.Config.DModel}].", nameof(direction));
        using var rows = direction.unsqueeze(0);
        var (ids, weights) = OfRows(model, rows, count);
        TokenWeight At(int i) => new(model.TokenOf(ids[i]), weights[i]);
        return new([.. Enumerable.Range(0, count).Select(At)], [.. Enumerable.Range(count, count).Select(At)]);
    }

    /// <param name="model">the model</param>
    /// <param name="rows">[n, d_model]</param>
    /// <param name="count">tokens on either side</param>
    /// <returns>[n · 2 · count] ids and weights: of each row the top tokens, then the bottom ones</returns>
    internal static (int[] Ids, float[] Weights) OfRows(HookedTransformer model, Tensor rows, int count)
    {
        if (count < 1 || 2 * count > model.Config.VocabSize) throw new ArgumentOutOfRangeException(nameof(count), count, $"The vocabulary has {model.Config.VocabSize} tokens.");
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var logits = Project(model, rows); // [n, vocab]
        var (top, topIds) = logits.topk(count, 1);
        var (bottom, bottomIds) = logits.topk(count, 1, largest: false);
        return ([.. cat([topIds, bottomIds], 1).cpu().data<long>().ToArray().Select(id => (int)id)], cat([top, bottom], 1).cpu().data<float>().ToArray());
    }

    /// <summary>What directions add to every logit, per unit of each and before the final norm's scale.</summary>
    /// <param name="model">the model</param>
    /// <param name="rows">[n, d_model]</param>
    /// <returns>[n, vocab] float32; the caller owns it</returns>
    /// <exception cref="ArgumentException">directions of another width</exception>
    public static Tensor Project(HookedTransformer model, Tensor rows)
    {
        if (rows.dim() != 2 || rows.shape[1] != model.Config.DModel)
            throw new ArgumentException($"The direction has {rows.shape[^1]} numbers; the residual stream has {model.Config.DModel}.", nameof(rows));
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var unembedding = model.Head.Unembedding.Weight;
        var folded = model.Head.Norm.Frozen(rows.to(model.Device), ones(1, device: model.Device)); // [n, d_model]: centring and gain
        return folded.to(unembedding.dtype).matmul(unembedding.t()).to(float32).MoveToOuterDisposeScope();
    }
}
