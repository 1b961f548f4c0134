using System.Text.Json;
using SaeNotebooks.Cli.Benchmarks;
using SaeNotebooks.Cli.Setup;

namespace SaeNotebooks.Cli.Tests;

public class BenchmarkTests
{
    [Theory]
    [InlineData(new double[] { 3 }, 3)]
    [InlineData(new double[] { 9, 1, 2 }, 2)]
    [InlineData(new double[] { 4, 1, 2, 100 }, 3)]
    public void Medians_are_the_middle(double[] values, double expected) => Assert.Equal(expected, Measurement.MedianOf(values));

    [Fact]
    public void A_median_of_nothing_is_an_error() => Assert.Throws<ArgumentException>(() => Measurement.MedianOf([]));

    [Fact]
    public void A_meter_warms_up_and_counts_the_other_runs()
    {
        using var gemm = new Gemm();
        var calls = 0;
        var measured = new Meter(gemm, runs: 3).Rate("sleeping", "naps/s", () =>
        {
            Thread.Sleep(calls++ == 0 ? 300 : 20);
            return 2;
        });
        Assert.Equal((4, 3), (calls, measured.Runs.Count));
        Assert.All(measured.Runs, rate => Assert.InRange(rate, 1, 100)); // 2 naps in at least 20 ms
        Assert.Equal(Measurement.MedianOf(measured.Runs), measured.Median);
        Assert.True(measured.GemmGflops > 0);
    }

    [Fact]
    public void Workloads_count_their_tokens_on_any_model_folder()
    {
        var folder = Path.Combine(Repository.Find().Root, "tests", "SaeNotebooks.Tests", "Goldens", "llama");
        using var bench = Workbench.Open(folder);
        using var work = new Workloads(bench);
        var context = bench.Model.Config.ContextLength;
        Assert.False(work.HasSae);
        Assert.Equal(8 * Math.Min(128, context), work.Forward());
        Assert.Equal(Math.Min(96, context - 16), work.Generate());
    }

    [Fact]
    public void An_encoder_is_compared_with_the_matrix_product_beside_it()
    {
        var benchmark = new Benchmark("none", "encoding", "tokens/s", () => new(() => 1)) { FlopPerUnit = 2e9 };
        var comparison = Assert.Single(Peers.Known.Compare(benchmark, new("encoding", "tokens/s", 70, [70], GemmGflops: 200)).Comparisons);
        Assert.Equal((0.7, false), (comparison.Ratio, comparison.Met));
        Assert.Equal("0.70 × the matrix product beside it (missed: at least 0.8)", comparison.ToString());
    }

    private static readonly string[] Waits =
    [
        "start to ready", "first cell", "start to first cell, processor", "later trivial cell", "first completion", "later completion", "trivial cell after 200 others",
        "10000 displays",
    ];

    [Fact]
    public void Every_figure_of_others_belongs_to_a_benchmark()
    {
        string[] keys = [.. TrainingSteps.All.Concat(SaeEncoding.All).Append(SaeMeasuring.Evaluation).Select(b => b.Key)];
        Assert.Equal(keys.Distinct(), keys);
        Assert.All(Peers.Known.Figures.Select(f => f.Work).Concat(Peers.Known.Memory.Select(m => m.Work)), work => Assert.Contains(work, keys));
    }

    [Fact]
    public void A_kernel_is_timed_from_its_start_to_a_first_model_output()
    {
        var waits = KernelTimings.Measure(Repository.Find(), runs: 1, CancellationToken.None);
        Assert.Equal([.. Waits.Select(wait => $"kernel: {wait}"), "kernel: #r of the library to first model output"], waits.Select(wait => wait.Name));
        Assert.All(waits, wait => Assert.True(wait is { Unit: "ms", Median: > 0, GemmGflops: > 0 }));
    }

    [Fact]
    public void Kernels_that_Jupyter_knows_are_timed_under_their_own_names()
    {
        var dll = JsonSerializer.Serialize(Repository.Find().KernelDll);
        var others = InstalledKernel.OfOthers($$$$"""
            {"kernelspecs": {
              "sae-csharp": {"resource_dir": "/a", "spec": {"argv": ["dotnet", {{{{dll}}}}, "{connection_file}"], "env": {}, "display_name": "Ours", "language": "C#",
                "metadata": {"implementation": "sae-csharp"}}},
              "other": {"resource_dir": "/b", "spec": {"argv": ["dotnet", {{{{dll}}}}, "{connection_file}"], "env": {"DOTNET_TieredPGO": "0"}, "display_name": "Another", "language": "C#"}},
              "ir": {"resource_dir": "/c", "spec": {"argv": ["R", "{connection_file}"], "display_name": "R", "language": "R"}}
            }}
            """);
        Assert.Equal(["Another", "R"], others.Select(other => other.Name));
        Assert.Equal("0", others[0].Environment["DOTNET_TieredPGO"]);
        Assert.Equal(Waits.Select(wait => $"Another: {wait}"), KernelTimings.Measure(others[0], runs: 1, CancellationToken.None).Select(wait => wait.Name));
        Assert.Empty(KernelTimings.Measure(others[1], runs: 1, CancellationToken.None));
    }

    [Fact]
    public void The_report_names_everything_in_its_JSON()
    {
        var benchmark = new Benchmark("train topk", "training", "steps/s", () => new(() => 1));
        var measured = Peers.Known.Compare(benchmark, new("training", "steps/s", 5, [4, 5, 6], 30));
        var report = new BenchmarkReport("tiny", MachineFacts.Here(), [measured], 512, 2.5, [new("encoding", 100, [new("theirs", 0.25, null, 0.5, "a peak")])], "there", ["SAE encoding"]);
        var json = JsonDocument.Parse(report.ToJson()).RootElement;
        Assert.Equal(5, json.GetProperty("measurements")[0].GetProperty("median").GetDouble());
        Assert.Equal(30, json.GetProperty("measurements")[0].GetProperty("gemm_gflops").GetDouble());
        Assert.Equal([(5.0 / 30) / (0.26 / 197), (5.0 / 30) / (0.49 / 197)],
            json.GetProperty("measurements")[0].GetProperty("comparisons").EnumerateArray().Select(c => c.GetProperty("ratio").GetDouble()));
        Assert.True(json.GetProperty("peak_memories")[0].GetProperty("comparisons")[0].GetProperty("met").GetBoolean());
        Assert.Equal(512, json.GetProperty("peak_memory_mib").GetDouble());
        Assert.Equal(Environment.ProcessorCount, json.GetProperty("machine").GetProperty("cores").GetInt32());
        Assert.Equal(2.5, json.GetProperty("first_chart_seconds").GetDouble());
        Assert.InRange(ProcessMemory.PeakMiB(), 10, 100_000);
    }
}
