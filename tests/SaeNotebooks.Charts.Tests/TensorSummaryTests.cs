using Microsoft.DotNet.Interactive.Formatting;
using SaeNotebooks.Display;
using static TorchSharp.torch;

namespace SaeNotebooks.Charts.Tests;

public class TensorSummaryTests
{
    [Fact]
    public void Statistics_are_those_of_torch()
    {
        using var scope = NewDisposeScope();
        var values = randn(7, 11, 13, generator: new Generator(3));
        var statistics = TensorSummary.Of(values.transpose(0, 2)).Statistics!;
        var wide = values.to(ScalarType.Float64);

        Assert.Equal(7 * 11 * 13, statistics.Count);
        Assert.Equal(wide.min().item<double>(), statistics.Low, 12);
        Assert.Equal(wide.max().item<double>(), statistics.High, 12);
        Assert.Equal(wide.mean().item<double>(), statistics.Mean, 12);
        Assert.Equal(wide.std(false).item<double>(), statistics.Deviation, 12);
    }

    [Fact]
    public void What_is_not_finite_is_counted_and_left_out()
    {
        using var values = tensor(new[] { 1, float.NaN, 0, float.PositiveInfinity, 3, float.NegativeInfinity, float.NaN, 0 });
        var summary = TensorSummary.Of(values);

        Assert.Equal(new TensorStatistics(8, 2, 2, 2, 0, 3, 1, Math.Sqrt(1.5)), summary.Statistics);
        Assert.Contains("2 NaN, 2 infinite", summary.ToText(), StringComparison.Ordinal);
        Assert.Contains("2 NaN, 2 infinite", summary.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_huge_tensor_is_looked_at_in_evenly_spread_places()
    {
        using var one = arange(1 << 12, dtype: ScalarType.Float32);
        using var huge = one.unsqueeze(1).expand(1 << 12, 1 << 20); // 2³² elements that take no memory
        var before = Environment.WorkingSet;
        var summary = TensorSummary.Of(huge);

        Assert.InRange(summary.Statistics!.Count, 1 << 16, 1 << 20);
        Assert.Equal((0, 4095), (summary.Statistics.Low, summary.Statistics.High));
        Assert.Contains("evenly spread", summary.ToText(), StringComparison.Ordinal);
        Assert.Contains("17.2 GB", summary.ToText(), StringComparison.Ordinal);
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 200_000_000);
    }

    [Fact]
    public void Every_kind_of_tensor_has_a_text()
    {
        using var scope = NewDisposeScope();
        var gone = ones(2);
        gone.Dispose();
        Tensor[] all = [tensor(3.5f), tensor(7L), tensor(new[] { true, false }), ones(3, 2, dtype: ScalarType.BFloat16), empty(0, 4), zeros(2, 2, dtype: ScalarType.ComplexFloat32),
            empty([5, 5], device: META), ones(4).requires_grad_(true), full(3, float.NaN), gone, eye(3).to_sparse()];
        string[] texts = [.. all.Select(t => TensorSummary.Of(t).ToText().Split('\n')[0])];

        Assert.Equal("Tensor [] float32 on cpu, 4 bytes", texts[0]);
        Assert.Contains("3.5", TensorSummary.Of(all[0]).ToText(), StringComparison.Ordinal);
        Assert.Equal("Tensor [2] bool on cpu, 2 bytes", texts[2]);
        Assert.Equal("Tensor [3, 2] bfloat16 on cpu, 12 bytes", texts[3]);
        Assert.Equal("A tensor that has been disposed of", texts[9]);
        Assert.All(all, t => Assert.StartsWith("<div", TensorSummary.Of(t).ToHtml(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_tensor_as_the_value_of_a_cell_shows_its_summary()
    {
        Registered.Once();
        using var values = arange(12, dtype: ScalarType.Float32).reshape(3, 4);

        Assert.Equal(TensorSummary.Of(values).ToHtml(), values.ToDisplayString("text/html"));
        Assert.Equal(TensorSummary.Of(values).ToText(), values.ToDisplayString("text/plain"));
        Assert.Contains("data:image/png;base64,", values.ToDisplayString("text/html"), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_native_is_left_behind()
    {
        using var values = randn(64, 64);
        TensorSummary.Of(values);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = LiveTensors.Count();
        for (var i = 0; i < 20; i++) _ = TensorSummary.Of(values).ToHtml();

        Assert.Equal(before, Tensor.TotalCount);
    }
}
