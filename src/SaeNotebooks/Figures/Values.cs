using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace SaeNotebooks.Figures;

/// <summary>
/// The numbers of one series of a chart: made implicitly from arrays, lists, one-dimensional tensors, or written as <c>[1, 2, 3]</c>.
/// NaN and infinities are drawn as gaps. Immutable.
/// </summary>
[CollectionBuilder(typeof(Values), nameof(Create))]
public sealed class Values : IReadOnlyList<double>
{
    private readonly double[] _numbers;

    private Values(double[] numbers) => _numbers = numbers;

    /// <summary>Copies the numbers.</summary>
    public static Values Create(ReadOnlySpan<double> numbers) => new(numbers.ToArray());

    /// <summary>Copies any sequence of numbers.</summary>
    public static Values Of(IEnumerable<double> numbers) => new([.. numbers]);

    /// <summary>Copies single-precision numbers, each as the shortest decimal that names it, so that 0.1f reads 0.1 in a chart.</summary>
    public static Values Of(IEnumerable<float> numbers) => new([.. numbers.Select(Shortest)]);

    /// <summary>Copies a tensor <c>[n]</c> of any numeric dtype and device; the tensor stays the caller's.</summary>
    /// <exception cref="ArgumentException">the tensor is not one-dimensional</exception>
    public static Values FromTensor(Tensor tensor) => tensor.dim() == 1
        ? Of(Read(tensor))
        : throw new ArgumentException($"A series of a chart is a tensor of one dimension; this one has the shape [{string.Join(", ", tensor.shape)}]. " +
            "Index or average it first.");

    /// <inheritdoc/>
    public double this[int index] => _numbers[index];

    /// <inheritdoc/>
    public int Count => _numbers.Length;

    /// <inheritdoc/>
    public IEnumerator<double> GetEnumerator() => ((IEnumerable<double>)_numbers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The first few.</summary>
    public override string ToString() => string.Join(", ", _numbers.Take(6).Select(Display.Html.Number)) + (Count > 6 ? $", … ({Count:N0} in all)" : "");

    /// <summary>Copies an array.</summary>
    public static implicit operator Values(double[] numbers) => Create(numbers);
    /// <summary>Copies an array.</summary>
    public static implicit operator Values(float[] numbers) => Of(numbers);
    /// <summary>Copies an array.</summary>
    public static implicit operator Values(int[] numbers) => Of(numbers.Select(n => (double)n));
    /// <summary>Copies an array.</summary>
    public static implicit operator Values(long[] numbers) => Of(numbers.Select(n => (double)n));
    /// <summary>Copies a list.</summary>
    public static implicit operator Values(List<double> numbers) => Of(numbers);
    /// <summary>Copies a list.</summary>
    public static implicit operator Values(List<float> numbers) => Of(numbers);
    /// <summary>Copies a tensor <c>[n]</c>.</summary>
    public static implicit operator Values(Tensor tensor) => FromTensor(tensor);

    internal double[] ToArray() => [.. _numbers];

    internal static double Shortest(float number) =>
        double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Elements in row-major order, float32 on the CPU.</summary>
    internal static float[] Read(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }
}
