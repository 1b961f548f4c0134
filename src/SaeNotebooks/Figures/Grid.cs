using static TorchSharp.torch;

namespace SaeNotebooks.Figures;

/// <summary>
/// The numbers of a heat map, <c>[rows, columns]</c>: made implicitly from arrays or a two-dimensional tensor.
/// NaN and infinities are drawn as empty cells. Immutable.
/// </summary>
public sealed class Grid
{
    private readonly double[][] _rows;

    private Grid(double[][] rows) => _rows = rows;

    /// <summary>Number of rows.</summary>
    public int Rows => _rows.Length;

    /// <summary>Number of columns.</summary>
    public int Columns => _rows.Length == 0 ? 0 : _rows[0].Length;

    /// <summary>One cell, both counted from 0, row 0 at the top.</summary>
    public double this[int row, int column] => _rows[row][column];

    /// <summary>Copies rows of equal length.</summary>
    /// <exception cref="ArgumentException">the rows differ in length</exception>
    public static Grid Of(IEnumerable<IEnumerable<double>> rows)
    {
        double[][] copy = [.. rows.Select(r => r.ToArray())];
        var odd = Array.FindIndex(copy, r => r.Length != copy[0].Length);
        return odd < 0 ? new(copy) : throw new ArgumentException(
            $"A heat map needs rows of one length: row 0 has {copy[0].Length} cells, row {odd} has {copy[odd].Length}.");
    }

    /// <summary>Copies a tensor <c>[rows, columns]</c> of any numeric dtype and device; the tensor stays the caller's.</summary>
    /// <exception cref="ArgumentException">the tensor is not two-dimensional</exception>
    public static Grid FromTensor(Tensor tensor)
    {
        if (tensor.dim() != 2)
            throw new ArgumentException($"A heat map is a tensor [rows, columns]; this one has the shape [{string.Join(", ", tensor.shape)}].");
        var columns = (int)tensor.shape[1];
        return Of(Values.Read(tensor).Select(Values.Shortest).Chunk(Math.Max(1, columns)));
    }

    /// <summary>Copies an array <c>[rows, columns]</c>.</summary>
    public static implicit operator Grid(double[,] cells) => FromCells(cells, c => c);
    /// <summary>Copies an array <c>[rows, columns]</c>.</summary>
    public static implicit operator Grid(float[,] cells) => FromCells(cells, Values.Shortest);
    /// <summary>Copies an array of rows.</summary>
    public static implicit operator Grid(double[][] rows) => Of(rows);
    /// <summary>Copies an array of rows.</summary>
    public static implicit operator Grid(float[][] rows) => Of(rows.Select(r => r.Select(Values.Shortest)));
    /// <summary>Copies a tensor <c>[rows, columns]</c>.</summary>
    public static implicit operator Grid(Tensor tensor) => FromTensor(tensor);

    internal double[][] ToArrays() => [.. _rows.Select(r => r.ToArray())];

    private static Grid FromCells<T>(T[,] cells, Func<T, double> convert) =>
        new([.. Enumerable.Range(0, cells.GetLength(0)).Select(r =>
            Enumerable.Range(0, cells.GetLength(1)).Select(c => convert(cells[r, c])).ToArray())]);
}
