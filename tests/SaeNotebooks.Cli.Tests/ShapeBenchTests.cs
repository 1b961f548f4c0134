using System.Text.Json;
using SaeNotebooks.Cli.Benchmarks;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Tests;

public sealed class ShapeBenchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("shapes").FullName;

    private static ModelShape Small => new("small", """
        {"model_type": "gpt2", "n_layer": 1, "n_embd": 16, "n_head": 2, "n_positions": 32, "vocab_size": 50, "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new"}
        """, ScalarType.Float32,
        [("wte.weight", [50, 16]), ("wpe.weight", [32, 16]), ("h.0.ln_1.weight", [16]), ("h.0.ln_1.bias", [16]), ("h.0.attn.c_attn.weight", [16, 48]), ("h.0.attn.c_attn.bias", [48]),
         ("h.0.attn.c_proj.weight", [16, 16]), ("h.0.attn.c_proj.bias", [16]), ("h.0.ln_2.weight", [16]), ("h.0.ln_2.bias", [16]), ("h.0.mlp.c_fc.weight", [16, 64]), ("h.0.mlp.c_fc.bias", [64]),
         ("h.0.mlp.c_proj.weight", [64, 16]), ("h.0.mlp.c_proj.bias", [16]), ("ln_f.weight", [16]), ("ln_f.bias", [16])]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("gpt2-small", 124_439_808), InlineData("gemma-2-2b", 2_614_341_888)] // parameters as published
    public void Shapes_have_the_parameters_of_their_models(string name, long parameters) => Assert.Equal(parameters, ModelShape.Named(name).Count);

    [Fact]
    public void A_shape_that_is_not_there_is_answered_with_those_that_are() =>
        Assert.Contains("gpt2-small, gemma-2-2b", Assert.Throws<CliException>(() => ModelShape.Named("gpt3")).Message);

    [Fact]
    public void Generated_weights_are_the_same_each_time_and_are_deleted()
    {
        string folder;
        using (var first = GeneratedCheckpoint.Write(Small, _folder))
        using (var second = GeneratedCheckpoint.Write(Small, _folder))
        {
            folder = first.Folder;
            Assert.Equal(File.ReadAllBytes(first.Weights), File.ReadAllBytes(second.Weights));
            using var model = HookedTransformer.Load(folder);
            using var run = model.Run(new[] { 1, 2, 3 });
            Assert.InRange(run.Logits.std().item<float>(), 1e-3, 10);
        }
        Assert.Empty(Directory.GetDirectories(_folder));
    }

    [Fact]
    public void A_disk_that_is_too_small_is_refused_before_anything_is_written()
    {
        var vast = Small with { Tensors = [("wte.weight", [1L << 40, 1L << 12])] };
        Assert.Contains("takes 18014398.5 GB", Assert.Throws<CliException>(() => GeneratedCheckpoint.Write(vast, _folder)).Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Loading_is_measured_against_reading()
    {
        using var checkpoint = GeneratedCheckpoint.Write(Small, _folder);
        var (measurements, ratios) = LoadBench.Run(checkpoint, Small, 2, default);
        Assert.All(measurements, m => Assert.Equal(2, m.Runs.Count));
        var json = JsonDocument.Parse(new ShapeReport("small", MachineFacts.Here(), measurements, ratios).ToJson()).RootElement;
        Assert.Equal("at least 0.7", json.GetProperty("ratios")[0].GetProperty("target").GetString());
    }
}
