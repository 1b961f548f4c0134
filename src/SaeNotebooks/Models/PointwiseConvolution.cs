using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>
/// y = x Wᵀ + b in float32 as a convolution of width 1, which is oneDNN's work where the matrix product is MKL's: up to twice as fast on
/// processors that are not Intel's. Channels come first and tokens lie innermost.
/// </summary>
/// <remarks>With channels innermost, as rows of tokens have them, nothing would have to be transposed; but there the oneDNN of libtorch 2.10 gives
/// wrong numbers for some sizes (384 → 40, 48 → 4,096) and crashes for others.</remarks>
internal static class PointwiseConvolution
{
    /// <summary>oneDNN rearranges the weights in every call, which few tokens do not repay.</summary>
    private const int LeastTokens = 64;

    /// <summary>libtorch gives smaller inputs to another library.</summary>
    private const int LeastElements = 20_480;

    /// <summary>The rearranged weights of a larger tile lie in memory that is fetched from the system, page by page, in every call.</summary>
    private const int TileBytes = 16 << 20;

    /// <summary>Whether a product is one that gains by it.</summary>
    /// <param name="x">[…, d_in]</param>
    /// <param name="weight">[d_out, d_in]</param>
    public static bool Suits(Tensor x, Tensor weight)
    {
        if (x.dtype != ScalarType.Float32 || x.device_type != TorchSharp.DeviceType.CPU || RuntimeInformation.ProcessArchitecture != Architecture.X64) return false;
        var tokens = x.numel() / x.shape[^1];
        return tokens >= LeastTokens && x.numel() > LeastElements && weight.is_contiguous() && get_num_threads() > 1;
    }

    /// <param name="x">[…, d_in]; with tokens innermost it is not copied</param>
    /// <param name="weight">[d_out, d_in], contiguous</param>
    /// <param name="bias">[d_out], or null</param>
    /// <returns>[…, d_out], with tokens innermost</returns>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var (dIn, dOut) = (x.shape[^1], weight.shape[0]);
        var columns = x.reshape(-1, dIn).t().contiguous(); // [d_in, tokens]
        long[] shape = [.. x.shape[..^1], dOut];
        var tile = Math.Max(1, TileBytes / (sizeof(float) * dIn));
        if (dOut <= tile) return Product(columns, weight, bias).t().view(shape).MoveToOuterDisposeScope();

        var y = empty([dOut, columns.shape[1]]);
        for (var at = 0L; at < dOut; at += tile)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(tile, dOut - at);
            y.narrow(0, at, count).copy_(Product(columns, weight.narrow(0, at, count), bias?.narrow(0, at, count)));
        }
        return y.t().view(shape).MoveToOuterDisposeScope();
    }

    /// <returns>[d_out, tokens], contiguous</returns>
    private static Tensor Product(Tensor columns, Tensor weight, Tensor? bias) =>
        nn.functional.conv1d(columns.unsqueeze(0), weight.unsqueeze(2), bias!).squeeze(0);
}
