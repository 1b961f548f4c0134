using static TorchSharp.torch;

namespace SaeNotebooks.Checkpoints;

/// <summary>Fills tensors from streams.</summary>
internal static class TensorStream
{
    private const long Piece = 1 << 28; // elements; a span cannot be longer than 2 GB

    /// <summary>Reads exactly a tensor's bytes, in its own type and row-major order.</summary>
    /// <param name="tensor">contiguous, on the CPU</param>
    /// <param name="stream">where the next byte is its first</param>
    /// <exception cref="EndOfStreamException">the stream is shorter</exception>
    public static void Fill(Tensor tensor, Stream stream)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.view(-1);
        for (long at = 0; at < flat.numel(); at += Piece)
        {
            using var part = flat.narrow(0, at, Math.Min(Piece, flat.numel() - at));
            stream.ReadExactly(part.bytes);
        }
    }
}
