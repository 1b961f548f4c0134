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

    internal override RowScan Scan(float[] bias) => new GroupScan(bias, Groups);

    internal override void RequireFit(int width)
    {
        if (Groups < 1 || width % Groups != 0) throw new ArgumentException($"{width} latents cannot be divided into {Groups} equal groups.");
    }

    private sealed class GroupScan(float[] bias, int groups) : RowScan
    {
        public override void Row(ReadOnlySpan<float> product, LatentBuffer fired)
        {
            var size = product.Length / groups;
            for (var first = 0; first < product.Length; first += size)
            {
                var (best, value) = (0, 0f);
                for (var i = first; i < first + size; i++)
                    if (product[i] + bias[i] is var pre && pre > value) (best, value) = (i, pre);
                if (value > 0) fired.Add(best, value);
            }
        }
    }
}
