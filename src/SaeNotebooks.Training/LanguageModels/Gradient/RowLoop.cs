using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.LanguageModels.Gradient;

/// <summary>Loops over the rows of matrices on all cores, in pieces of fixed size: a sum over pieces does not depend on how many cores there are.</summary>
internal static class RowLoop
{
    private const int PieceRows = 128;

    /// <summary>Number of pieces that so many rows make.</summary>
    public static int Pieces(int rows) => (rows + PieceRows - 1) / PieceRows;

    /// <summary>Calls the body once for each piece, with its number, its first row and the row after its last.</summary>
    public static void ByPiece(int rows, Action<int, int, int> body) => Parallel.For(0, Pieces(rows), new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() },
        piece => body(piece, piece * PieceRows, Math.Min(rows, (piece + 1) * PieceRows)));

    /// <summary>The numbers of a contiguous float32 tensor on the CPU, in place.</summary>
    public static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
