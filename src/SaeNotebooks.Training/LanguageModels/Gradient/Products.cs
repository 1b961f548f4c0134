using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.LanguageModels.Gradient;

/// <summary>
/// Products of float32 matrices with float32 results, computed in float32 or in bfloat16: then operands and results are rounded to bfloat16,
/// and sums are kept in float32, as in mixed precision (Kalamkar et al. 2019, "A Study of BFLOAT16 for Deep Learning Training").
/// Operands may be transposed views of contiguous tensors.
/// </summary>
/// <param name="type">float32 or bfloat16</param>
internal sealed class Products(ScalarType type) : IDisposable
{
    private readonly Workspace _narrow = new(ScalarType.BFloat16), _wide = new();

    private bool IsExact => type == ScalarType.Float32;

    /// <summary>y ← a b</summary>
    /// <param name="y">[n, m], contiguous, overwritten</param>
    /// <param name="a">[n, k]</param>
    /// <param name="b">[k, m]</param>
    public Tensor Set(Tensor y, Tensor a, Tensor b) => Rounded(y, Narrow("a", a), Narrow("b", b));

    /// <summary>y ← y + a b</summary>
    /// <inheritdoc cref="Set"/>
    public Tensor Add(Tensor y, Tensor a, Tensor b) =>
        IsExact ? y.addmm_(a, b, 1, 1) : y.add_(Set(_wide.Matrix("sum", y.shape[0], y.shape[1]), a, b), Scalars.One);

    /// <summary>What flows back through y = x Wᵀ: dW ← dyᵀ x and dx ← dy W.</summary>
    /// <param name="weight">[outputs, inputs], with its gradient, which is overwritten</param>
    /// <param name="dy">[n, outputs]</param>
    /// <param name="x">[n, inputs]</param>
    /// <param name="dx">[n, inputs], overwritten</param>
    public Tensor Backward(Weight weight, Tensor dy, Tensor x, Tensor dx)
    {
        var upstream = Narrow("a", dy);
        Rounded(weight.Gradient, upstream.t(), Narrow("b", x));
        return Rounded(dx, upstream, Narrow("b", weight.Value));
    }

    /// <summary>y ← a b for each of a stack of matrices.</summary>
    /// <param name="y">[stack, n, m], contiguous, overwritten</param>
    /// <param name="a">[stack, n, k]</param>
    /// <param name="b">[stack, k, m]</param>
    public Tensor SetStack(Tensor y, Tensor a, Tensor b)
    {
        using var product = Narrow("a", a).bmm(Narrow("b", b));
        return y.copy_(product);
    }

    private Tensor Rounded(Tensor y, Tensor a, Tensor b) => IsExact ? y.addmm_(a, b, 0, 1)
        : y.copy_(_narrow.Shaped("product", y.shape).addmm_(a, b, 0, 1));

    private Tensor Narrow(string name, Tensor x) => IsExact ? x
        : x.is_contiguous() ? _narrow.Shaped(name, x.shape).copy_(x)
        : Narrow(name, x.transpose(-2, -1)).transpose(-2, -1);

    public void Dispose()
    {
        _narrow.Dispose();
        _wide.Dispose();
    }
}
