using System.Collections.Concurrent;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>Whether a device computes at all correctly: a small linear map and a softmax against loops over numbers. Drivers and builds that do not
/// suit the processor are found out before anybody reads a figure of theirs.</summary>
internal static class DeviceSelfTest
{
    private const int Rows = 64, In = 384, Out = 24; // large enough for every way in which Linear multiplies
    private const double Tolerance = 1e-4;

    private static readonly ConcurrentDictionary<string, Lazy<string?>> Verdicts = new();

    /// <summary>Tests a device once per process.</summary>
    /// <exception cref="InvalidOperationException">it computes something else than it should; said again at every later call</exception>
    public static void RequirePassed(Device device)
    {
        var verdict = Verdicts.GetOrAdd(device.ToString(), _ => new(() => Problem(device, (x, w) => new Linear(w, null).Forward(x), x => x.softmax(-1)))).Value;
        if (verdict is not null) throw new InvalidOperationException(verdict);
    }

    /// <summary>What is wrong with a device, in a line, or null.</summary>
    /// <param name="device">where to compute</param>
    /// <param name="linear">x [rows, in], W [out, in] → x Wᵀ</param>
    /// <param name="softmax">x [rows, out] → softmax of each row</param>
    internal static string? Problem(Device device, Func<Tensor, Tensor, Tensor> linear, Func<Tensor, Tensor> softmax)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var x = Numbers(Rows * In, 1);
        var w = Numbers(Out * In, 2);
        var product = linear(tensor(x, [Rows, In], device: device), tensor(w, [Out, In], device: device));
        var expected = Product(x, w);
        return Differs("matrix product", product, expected, device)
            ?? Differs("softmax", softmax(tensor(expected, [Rows, Out], device: device)), Softmax(expected), device);
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    private static float[] Product(float[] x, float[] w) => [.. from row in Enumerable.Range(0, Rows)
                                                                from column in Enumerable.Range(0, Out)
                                                                select (float)Enumerable.Range(0, In).Sum(i => (double)x[row * In + i] * w[column * In + i])];

    private static float[] Softmax(float[] x) => [.. x.Chunk(Out).SelectMany(row =>
    {
        var weights = row.Select(v => Math.Exp(v - row.Max())).ToArray();
        return weights.Select(v => (float)(v / weights.Sum()));
    })];

    private static string? Differs(string what, Tensor actual, float[] expected, Device device)
    {
        var numbers = actual.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        var error = numbers.Zip(expected, (a, e) => Math.Abs((double)a - e)).Max();
        return error < Tolerance ? null // NaN is not
            : $"The self-test of {device} failed: a {what} is off by {error:0.0e+0}. The libtorch in {NativeRuntime.EnsureLoaded()} does not compute " +
              $"correctly here; try another ({NativeRuntime.BackendVariable}), or ATEN_CPU_CAPABILITY=default in the environment.";
    }
}
