using SaeNotebooks.Saes.Kernels;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Activations;

/// <summary>The latents stand in <paramref name="Groups"/> equal groups of neighbours, and in each the largest fires, if positive (sparsify's
/// <c>groupmax</c>).</summary>
/// <param name="Groups">how many groups, so how many latents may fire per token</param>
public sealed record GroupMax(int Groups) : SparseActivation
{
    /// <inheritdoc/>
    public override string Architecture => "groupmax";

    /// <inheritdoc/>
    public override Tensor Dense(Tensor pre)
    {
        using var scope = NewDisposeScope();
        var grouped = pre.relu().view(pre.shape[0], Groups, -1);
        var (values, ids) = grouped.max(2, keepdim: true);
        return zeros_like(grouped).scatter_(2, ids, values).view(pre.shape).MoveToOuterDisposeScope();
    }

    internal override LatentScan Scan(int tokens, float[] bias) => new GroupScan(tokens, bias, bias.Length / Groups);

    internal override void RequireFit(int width)
    {
        if (Groups < 1 || width % Groups != 0) throw new ArgumentException($"{width} latents cannot be divided into {Groups} equal groups.");
    }

    private sealed class GroupScan(int tokens, float[] bias, int size) : LatentScan(tokens)
    {
        private readonly (int Latent, float Value)[] _best = new (int, float)[tokens];

        public override void Latent(int latent, ReadOnlySpan<float> product)
        {
            for (var t = 0; t < product.Length; t++)
                if (product[t] + bias[latent] is var pre && pre > _best[t].Value) _best[t] = (latent, pre);
            if ((latent + 1) % size != 0) return;
            for (var t = 0; t < _best.Length; t++)
            {
                if (_best[t].Value > 0) Fired.Add(t, _best[t].Latent, _best[t].Value);
                _best[t] = default;
            }
        }
    }
}
