using SaeNotebooks.Checkpoints;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Goldens;

/// <summary>A dump made by the reference implementation; the README beside it, or MODELS.md, says which and what the keys mean.</summary>
internal sealed class Golden(string family, string file = "golden.safetensors") : IDisposable
{
    private readonly SafetensorsFile _file = SafetensorsFile.Open(PathOf(family, file));

    public IEnumerable<string> Names => _file.Tensors.Keys;

    public bool Has(string name) => _file.Tensors.ContainsKey(name);

    public static string PathOf(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "Goldens", .. parts]);

    public Tensor Read(string name) => _file.Read(name);

    public int[] Ids(string name)
    {
        using var ids = Read(name);
        return ids.data<int>().ToArray();
    }

    public int[][] Rows(string name)
    {
        using var ids = Read(name);
        return [.. ids.data<int>().ToArray().Chunk((int)ids.shape[^1])];
    }

    public void Dispose() => _file.Dispose();
}

internal static class Compare
{
    /// <summary>Asserts that two tensors have one shape and differ by at most <paramref name="tolerance"/> anywhere; infinities must
    /// agree.</summary>
    public static void MaxAbs(Tensor expected, Tensor actual, double tolerance, string what)
    {
        var difference = Difference(expected, actual);
        Assert.True(difference <= tolerance, $"{what}: differs by {difference:g3}, allowed {tolerance:g3}");
    }

    /// <summary>The largest difference between two tensors of one shape; NaN if one has a NaN, infinite if infinities disagree.</summary>
    public static double Difference(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        using var scope = NewDisposeScope();
        var (a, b) = (expected.to(ScalarType.Float32), actual.to(ScalarType.Float32));
        return where(a == b, zeros_like(a), (a - b).abs()).max().item<float>();
    }
}

internal static class TestModels
{
    public static HookedTransformer Load(string family, ScalarType dtype = ScalarType.Float32) =>
        HookedTransformer.Load(Golden.PathOf(family), dtype);
}
