using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

/// <summary>Attention of a single query against its formula in float64.</summary>
public class OneQueryTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 1, 4, 4, 32, 1), InlineData(ScalarType.Float32, 3, 8, 2, 64, 61), InlineData(ScalarType.Float32, 2, 6, 3, 96, 3000)]
    [InlineData(ScalarType.BFloat16, 1, 4, 4, 32, 1), InlineData(ScalarType.BFloat16, 3, 8, 2, 64, 61), InlineData(ScalarType.BFloat16, 2, 6, 3, 96, 3000)]
    public void ItIsTheFormula(ScalarType dtype, int batch, int heads, int keyHeads, int dHead, int count)
    {
        using var scope = NewDisposeScope();
        var generator = manual_seed(3);
        Tensor Random(params long[] shape) => randn(shape, generator: generator).to(dtype);
        const double scale = 0.3;
        var q = Random(batch, 1, heads + 1, dHead).narrow(2, 1, heads); // a slice, as of a fused product
        Tensor InCache() => Random(batch, keyHeads, count + 9, dHead).narrow(2, 4, count);
        Tensor keys = InCache(), values = InCache();
        Assert.True(OneQuery.Suits(q, keys, values));

        Tensor PerQuery(Tensor x) => x.to(ScalarType.Float64).repeat_interleave(heads / keyHeads, 1); // [batch, n_heads, key, d_head]
        var scores = q.to(ScalarType.Float64).transpose(1, 2).matmul(PerQuery(keys).transpose(-2, -1)) * scale;
        var expected = scores.softmax(-1).matmul(PerQuery(values)).transpose(1, 2);
        var actual = OneQuery.Attend(q, keys, values, scale);
        Assert.Equal(dtype, actual.dtype);
        Compare.MaxAbs(expected.to(dtype), actual, dtype == ScalarType.Float32 ? 5e-6 : 0.0157, "z"); // at most one bfloat16 step at 2 to 4
    }

    [Fact]
    public void WhatItDoesNotKnowIsLeftToLibtorch()
    {
        using var scope = NewDisposeScope();
        Tensor q = empty(1, 1, 4, 32), keys = empty(1, 2, 5, 32);
        Assert.True(OneQuery.Suits(q, keys, keys));
        Assert.False(OneQuery.Suits(empty(1, 2, 4, 32), keys, keys));
        Assert.False(OneQuery.Suits(empty(1, 1, 4, 40), empty(1, 2, 5, 40), empty(1, 2, 5, 40)));
        Assert.False(OneQuery.Suits(q, empty(1, 5, 2, 32).transpose(1, 2), keys));
        Assert.False(OneQuery.Suits(q.to(ScalarType.Float64), keys.to(ScalarType.Float64), keys.to(ScalarType.Float64)));
    }
}
