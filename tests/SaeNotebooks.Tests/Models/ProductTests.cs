using System.Diagnostics;
using System.Runtime.Intrinsics;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

/// <summary>The fast ways of multiplying, and of GELU, against the formula in float64.</summary>
public class ProductTests
{
    /// <summary>Set to 0, it makes .NET do without these instructions.</summary>
    private const string Avx512Switch = "DOTNET_EnableAVX512";

    private static (Tensor X, Tensor W, Tensor B) Random(int rows, int dIn, int dOut, ScalarType dtype = ScalarType.Float32)
    {
        var generator = manual_seed(7);
        return (randn(rows, dIn, generator: generator).to(dtype), (randn(dOut, dIn, generator: generator) / Math.Sqrt(dIn)).to(dtype), randn(dOut, generator: generator).to(dtype));
    }

    private static Tensor Exact(Tensor x, Tensor w, Tensor? b)
    {
        var product = x.to(ScalarType.Float64).matmul(w.to(ScalarType.Float64).t());
        return b is null ? product : product + b.to(ScalarType.Float64);
    }

    [Theory]
    [InlineData(64, 400, 33, true), InlineData(97, 384, 8, false)]
    [InlineData(64, 4096, 1030, true)] // weights of more than one tile
    public void AConvolutionIsTheProduct(int tokens, int dIn, int dOut, bool bias)
    {
        using var scope = NewDisposeScope();
        var (x, w, b) = Random(tokens, dIn, dOut);
        Assert.Equal(get_num_threads() > 1, PointwiseConvolution.Suits(x, w));
        var actual = PointwiseConvolution.Linear(x.view(1, tokens, dIn), w, bias ? b : null);
        Assert.True(new Linear(w, b).Forward(x).is_contiguous());
        Compare.MaxAbs(Exact(x, w, bias ? b : null).unsqueeze(0), actual, 1e-5, "convolution");
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1, 64, 7, true), InlineData(ScalarType.Float32, 1, 768, 3001, false), InlineData(ScalarType.Float32, 1, 48, 5, true), InlineData(ScalarType.Float32, 1, 7, 1, true)]
    [InlineData(ScalarType.BFloat16, 1, 96, 6, false), InlineData(ScalarType.BFloat16, 1, 768, 3001, true), InlineData(ScalarType.BFloat16, 1, 48, 5, false), InlineData(ScalarType.BFloat16, 1, 7, 1, true)]
    [InlineData(ScalarType.Float32, 4, 780, 1001, true), InlineData(ScalarType.Float32, 3, 7, 1, false)]
    [InlineData(ScalarType.BFloat16, 4, 780, 1001, true), InlineData(ScalarType.BFloat16, 3, 7, 1, false)]
    public void AFewRowsAreTheProduct(ScalarType dtype, int rows, int dIn, int dOut, bool bias)
    {
        if (Environment.GetEnvironmentVariable(Avx512Switch) == "0") Assert.False(Vector512.IsHardwareAccelerated);
        using var scope = NewDisposeScope();
        var (x, w, b) = Random(rows, dIn, dOut, dtype);
        Assert.True(RowProduct.Suits(x, w));
        var actual = RowProduct.Linear(x.view(1, rows, dIn), w, bias ? b : null);
        Assert.Equal((dtype, dOut), (actual.dtype, actual.shape[2]));
        var exact = Exact(x, w, bias ? b : null);
        var expected = dtype == ScalarType.Float32 ? exact : exact.to(dtype);
        Compare.MaxAbs(expected.view(1, rows, dOut), actual, dtype == ScalarType.Float32 ? 1e-5 : 0.0157, "row"); // at most one bfloat16 step at 2 to 4
    }

    /// <summary>The same cases in a process that is told that its processor has no such instructions.</summary>
    [Fact]
    public async Task AFewRowsAreTheProductWithoutAvx512()
    {
        var tests = Path.ChangeExtension(typeof(ProductTests).Assembly.Location, OperatingSystem.IsWindows() ? "exe" : null);
        var start = new ProcessStartInfo(tests, ["-method", $"*.{nameof(ProductTests)}.{nameof(AFewRowsAreTheProduct)}", "-noLogo", "-noColor"])
            { RedirectStandardOutput = true, Environment = { [Avx512Switch] = "0" } };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0 && output.Contains("Failed: 0", StringComparison.Ordinal) && !output.Contains("Total: 0", StringComparison.Ordinal), output);
    }

    [Fact]
    public void WhatIsNoCaseForRowsIsLeftToLibtorch()
    {
        using var scope = NewDisposeScope();
        Tensor x = empty(1, 768, dtype: ScalarType.BFloat16), w = empty(3072, 768, dtype: ScalarType.BFloat16);
        Assert.True(RowProduct.Suits(x, w));
        Assert.False(RowProduct.Suits(x.expand(5, -1), w));
        Assert.False(RowProduct.Suits(x, w.t().contiguous().t()));
        Assert.False(RowProduct.Suits(x.to(ScalarType.Float32), w));
        Assert.False(RowProduct.Suits(empty(1, 48, dtype: ScalarType.Float64), empty(5, 48, dtype: ScalarType.Float64)));
        Assert.False(RowProduct.Suits(empty(1, 64, requires_grad: true), empty(5, 64)));
        Assert.False(RowProduct.Suits(empty(0, 64), empty(5, 64)));
    }

    [Theory]
    [InlineData(ScalarType.Float32, 2e-7), InlineData(ScalarType.BFloat16, 4e-3)]
    public void GeluIsItsFormula(ScalarType dtype, double relative)
    {
        using var scope = NewDisposeScope();
        var x = cat([linspace(-12, 12, 70_001), randn(70_002, generator: manual_seed(3)), tensor([0f, -100f, 100f, 1e-20f, 3e38f])]).to(dtype);
        var wide = x.to(ScalarType.Float64);
        var expected = 0.5 * wide * (1 + (Math.Sqrt(2 / Math.PI) * (wide + 0.044715 * wide.pow(3))).tanh());
        var actual = TanhGelu.Of(x);
        Assert.Equal(dtype, actual.dtype);
        var error = (actual.to(ScalarType.Float64) - expected).abs() - (expected.abs() + 1) * relative; // at the left end both are almost nothing
        Assert.True(error.max().item<double>() <= 0, $"GELU is off by {error.max().item<double>():g3}");
        var columns = x[TensorIndex.Slice(0, 70_000)].view(7, 10, 1000).permute(1, 2, 0); // the last dimension outermost
        Assert.True(TanhGelu.Of(columns).equal(TanhGelu.Of(columns.contiguous())).all().item<bool>());
        Assert.Equal(double.NaN, TanhGelu.Of(full(100_000, double.NaN, dtype))[77_777].to(ScalarType.Float64).item<double>());
    }

    /// <summary>1,024 tokens take every fast way there is in float32, and none in float64; and somebody who looks at the neurons makes them go through
    /// at once.</summary>
    [Theory]
    [InlineData("gpt2"), InlineData("llama")]
    public void ManyTokensAtOnceOrInPiecesComputeTheSame(string family)
    {
        using var folder = new ModelFolder(family, weights: Widen(family), config: c => c[family == "gpt2" ? "n_inner" : "intermediate_size"] = 4096);
        using HookedTransformer narrow = folder.Load(), wide = HookedTransformer.Load(folder.Path, ScalarType.Float64);
        var random = new Random(5);
        var batch = new TokenBatch(Enumerable.Range(0, 16).Select(_ => Enumerable.Range(0, 64).Select(_ => random.Next(narrow.Config.VocabSize)).ToArray()));
        var last = Hook.ResidPost(3);
        using ModelRun pieces = narrow.Run(batch, last), whole = narrow.Run(batch, (HookName[])[last, .. Enumerable.Range(0, 4).Select(Hook.MlpPost)]), exact = wide.Run(batch, last);
        Assert.True(narrow.Decoder.Blocks[0].Mlp.TokensAtOnce < 1024);
        Compare.MaxAbs(exact[last], pieces[last], 5e-5, "in pieces");
        Compare.MaxAbs(exact[last], whole[last], 5e-5, "at once");
    }

    private static Action<Dictionary<string, Tensor>> Widen(string family) => weights =>
    {
        const int neurons = 4096;
        var generator = manual_seed(11);
        foreach (var name in weights.Keys.Where(n => n.Contains(".mlp.", StringComparison.Ordinal)).ToList())
        {
            var shape = weights[name].shape;
            var width = shape.Length == 1 ? 0 : Array.IndexOf(shape, shape.Max());
            if (shape[width] == 48) continue; // the output's bias
            shape[width] = neurons;
            weights[name] = randn(shape, generator: generator) * 0.02;
        }
    };
}
