using System.Buffers;
using System.Runtime.Intrinsics;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>
/// y = x Wᵀ + b of a single x, as each new token needs it: all weights are read once and hardly anything is computed, so what counts is how
/// fast they are read. Sums in float32.
/// </summary>
internal static class RowProduct
{
    /// <summary>Bytes of weights that one thread reads before it looks for more work, for cores are not always equally free.</summary>
    private const int PieceBytes = 128 << 10;

    /// <param name="x">[…, d_in]</param>
    /// <param name="weight">[d_out, d_in]</param>
    public static bool Suits(Tensor x, Tensor weight) => x.dtype == weight.dtype && !x.requires_grad && x.shape[^1] == weight.shape[1] && Suits(x.numel() / weight.shape[1], weight);

    /// <param name="rows">of x, in the dtype of the weights</param>
    /// <param name="weight">[d_out, d_in]</param>
    public static bool Suits(long rows, Tensor weight) => rows == 1 && weight.is_contiguous()
        && Stored.Has(weight.dtype) && weight.device_type == TorchSharp.DeviceType.CPU && !weight.requires_grad
        && Vector256.IsHardwareAccelerated;

    /// <param name="x">[…, d_in], one row</param>
    /// <param name="weight">[d_out, d_in], contiguous</param>
    /// <param name="bias">[d_out], or null</param>
    /// <returns>[…, d_out]</returns>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var (dOut, dIn) = ((int)weight.shape[0], (int)weight.shape[1]);
        var y = empty([.. x.shape[..^1], dOut], x.dtype);
        Tensor input = x.contiguous(), added = bias?.to(weight.dtype).contiguous() ?? y;
        var arranged = ArrayPool<float>.Shared.Rent(dIn);
        Stored.Arrange(input, arranged);
        var product = new RowKernels.Product(Native.Start(weight), arranged, bias is null ? 0 : Native.Start(added), Native.Start(y), dIn);

        var each = Math.Max(1, PieceBytes / (int)weight.element_size() / dIn);
        Action<int, int> some = weight.dtype == ScalarType.Float32 ? product.Wide : product.Narrow;
        Team.Run((dOut + each - 1) / each, piece => some(piece * each, Math.Min(dOut, (piece + 1) * each)));
        ArrayPool<float>.Shared.Return(arranged);
        GC.KeepAlive(weight);
        GC.KeepAlive(added);
        return y.MoveToOuterDisposeScope();
    }
}
