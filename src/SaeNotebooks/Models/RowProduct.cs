using System.Runtime.Intrinsics;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>
/// y = x Wᵀ + b of one x, as each new token needs it, or of a few: all weights are read once and hardly anything is computed, so what counts is how
/// fast they are read. Sums in float32.
/// </summary>
internal static class RowProduct
{
    /// <summary>Bytes of weights that one thread reads before it looks for more work, for cores are not always equally free.</summary>
    private const int PieceBytes = 512 << 10;

    /// <param name="x">[…, d_in]</param>
    /// <param name="weight">[d_out, d_in]</param>
    public static bool Suits(Tensor x, Tensor weight) => x.dtype == weight.dtype && !x.requires_grad && x.size(-1) == weight.size(1) && Suits(x.numel() / x.size(-1), weight);

    /// <param name="rows">of x, in the dtype of the weights</param>
    /// <param name="weight">[d_out, d_in]</param>
    public static bool Suits(long rows, Tensor weight) => rows is > 0 and <= RowKernels.MostRows && weight.is_contiguous()
        && Stored.Has(weight.dtype) && weight.device_type == TorchSharp.DeviceType.CPU && !weight.requires_grad
        && Vector256.IsHardwareAccelerated;

    /// <param name="x">[…, d_in], at most <see cref="RowKernels.MostRows"/> rows</param>
    /// <param name="weight">[d_out, d_in], contiguous</param>
    /// <param name="bias">[d_out], or null</param>
    /// <returns>[…, d_out]</returns>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        var (dOut, dIn) = ((int)weight.size(0), (int)weight.size(1));
        var rows = (int)(x.numel() / dIn);
        var y = empty([.. x.shape[..^1], dOut], x.dtype);
        using var input = x.contiguous();
        using var rounded = bias?.to(weight.dtype);
        using var added = rounded?.contiguous();
        var arranged = AlignedNumbers.OfThisThread((rows == 1 ? 1 : RowKernels.MostRows) * dIn);
        Stored.Arrange(input, arranged);
        var product = new RowKernels.Product(Native.Start(weight), AlignedNumbers.Start(arranged), added is null ? 0 : Native.Start(added), Native.Start(y), rows, dIn, dOut);

        Action<int, int> some = weight.dtype == ScalarType.Float32 ? product.Wide : product.Narrow;
        var pieces = Pieces((long)dOut * dIn * weight.element_size());
        Team.Run(pieces, piece => some(From(piece), From(piece + 1)));
        GC.KeepAlive(weight);
        return y;

        int From(int piece) => (int)((long)dOut * piece / pieces);
    }

    /// <summary>As many for each thread, so that none waits at the end while another reads the last one.</summary>
    private static int Pieces(long bytes) => bytes <= PieceBytes ? 1 : Team.Threads * (int)Math.Max(1, bytes / PieceBytes / Team.Threads);
}
