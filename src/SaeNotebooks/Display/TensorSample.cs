using static TorchSharp.torch;

namespace SaeNotebooks.Display;

/// <summary>Numbers about elements of a tensor.</summary>
/// <param name="Count">elements looked at</param>
/// <param name="NotANumber">how many of them are NaN</param>
/// <param name="Infinite">how many are infinite</param>
/// <param name="Zeros">how many are 0</param>
/// <param name="Low">the smallest finite one; NaN if there is none</param>
/// <param name="High">the largest finite one</param>
/// <param name="Mean">of the finite ones</param>
/// <param name="Deviation">their standard deviation, of the population</param>
public sealed record TensorStatistics(long Count, long NotANumber, long Infinite, long Zeros, double Low, double High, double Mean, double Deviation)
{
    /// <summary>How many are finite.</summary>
    public long Finite => Count - NotANumber - Infinite;

    internal static TensorStatistics Of(double[] values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        var mean = finite.Length == 0 ? double.NaN : finite.Average();
        return new(values.Length, values.Count(double.IsNaN), values.Count(double.IsInfinity), values.Count(v => v == 0),
            finite.Length == 0 ? double.NaN : finite.Min(), finite.Length == 0 ? double.NaN : finite.Max(), mean,
            finite.Length == 0 ? double.NaN : Math.Sqrt(finite.Sum(v => (v - mean) * (v - mean)) / finite.Length));
    }
}

/// <summary>Elements of a tensor, evenly spread over it where it is large.</summary>
/// <param name="Values">row-major</param>
/// <param name="Columns">size of the last dimension; 1 for a single number</param>
/// <param name="IsWhole">whether these are all elements</param>
internal sealed record TensorSample(double[] Values, int Columns, bool IsWhole)
{
    private const long Most = 1 << 20;
    private const int MostRows = 96, MostColumns = 256;

    public TensorStatistics Statistics { get; } = TensorStatistics.Of(Values);

    public static TensorSample Of(Tensor tensor)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var view = tensor.detach();
        if (view.is_sparse) view = view.to_dense();
        while (view.numel() > Most)
        {
            var longest = Enumerable.Range(0, (int)view.dim()).MaxBy(d => view.shape[d]);
            var step = Math.Min((view.numel() + Most - 1) / Most, view.shape[longest]);
            view = view.slice(longest, 0, view.shape[longest], step); // a view: nothing is copied yet
        }
        var values = view.to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        return new(values, view.dim() == 0 ? 1 : (int)view.shape[^1], view.numel() == tensor.numel());
    }

    /// <summary>At most 96 × 256 of the values, in rows; all dimensions but the last are rows.</summary>
    public (double[] Values, int Columns, double Limit, string Caption) Picture()
    {
        var rows = Values.Length / Columns;
        var (down, across) = ((rows + MostRows - 1) / MostRows, (Columns + MostColumns - 1) / MostColumns);
        var width = (Columns + across - 1) / across;
        double[] picture = [.. from row in Enumerable.Range(0, (rows + down - 1) / down)
                               from column in Enumerable.Range(0, width)
                               select Values[row * down * Columns + column * across]];
        // A few outliers, such as those of BOS, would otherwise leave nothing but themselves to see.
        double[] sizes = [.. picture.Where(double.IsFinite).Select(Math.Abs).Order()];
        var limit = sizes.Length == 0 ? 1 : sizes[(int)Math.Ceiling(0.99 * (sizes.Length - 1))];
        static string Every(int step, string what) => step == 1 ? what : $"1 in {step} of {what}";
        return (picture, width, limit > 0 ? limit : 1, $"{Every(down, $"{rows:N0} rows")} × {Every(across, $"{Columns:N0} columns")}");
    }
}
