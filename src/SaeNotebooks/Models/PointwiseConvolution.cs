using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>
/// y = x Wᵀ + b in float32 as a convolution of width 1, which is oneDNN's work where the matrix product is MKL's: up to twice as fast on
/// processors that are not Intel's. Tokens in rows are an image whose channels lie innermost, so neither x nor y is copied.
/// </summary>
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

    /// <param name="x">[…, d_in]</param>
    /// <param name="weight">[d_out, d_in], contiguous</param>
    /// <param name="bias">[d_out], or null</param>
    /// <returns>[…, d_out]</returns>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var (dIn, dOut) = (x.shape[^1], weight.shape[0]);
        var image = x.contiguous().view(1, 1, -1, dIn).permute(0, 3, 1, 2); // [1, d_in, 1, tokens], d_in innermost
        var tile = Math.Max(1, TileBytes / (sizeof(float) * dIn));
        if (dOut <= tile) return Product(image, weight, bias).view([.. x.shape[..^1], dOut]).MoveToOuterDisposeScope();

        var y = empty([image.shape[3], dOut]);
        for (var at = 0L; at < dOut; at += tile)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(tile, dOut - at);
            y.narrow(1, at, count).copy_(Product(image, weight.narrow(0, at, count), bias?.narrow(0, at, count)));
        }
        return y.view([.. x.shape[..^1], dOut]).MoveToOuterDisposeScope();
    }

    /// <returns>[tokens, d_out], contiguous</returns>
    private static Tensor Product(Tensor image, Tensor weight, Tensor? bias) =>
        nn.functional.conv2d(image, weight.view(weight.shape[0], -1, 1, 1), bias!).permute(0, 2, 3, 1).view(image.shape[3], weight.shape[0]);
}
