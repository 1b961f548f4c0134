using SaeNotebooks.Checkpoints;
using SaeNotebooks.Models;
using SaeNotebooks.Runtime;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

public sealed class MemoryPlanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("memory").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("gpt2"), InlineData("gpt_neox"), InlineData("llama"), InlineData("mistral"), InlineData("gemma"), InlineData("gemma2"), InlineData("gemma3_text"), InlineData("qwen2"), InlineData("qwen3")]
    public void ItCountsEveryWeightOfTheFile(string family)
    {
        using var file = SafetensorsFile.Open(Golden.PathOf(family, "model.safetensors"));
        var count = file.Tensors.Values.Sum(t => t.Shape.Aggregate(1L, (product, size) => product * size));
        Assert.Equal(4 * count, MemoryPlan.Of(Golden.PathOf(family)).Weights);
        Assert.InRange(MemoryPlan.Of(Golden.PathOf(family), ScalarType.BFloat16).Weights, 2 * count, 2.1 * count); // norms stay float32
    }

    [Fact]
    public void LayersThatAreLeftOutTakeNothing()
    {
        var (whole, half) = (MemoryPlan.Of(Golden.PathOf("gpt2")), MemoryPlan.Of(Golden.PathOf("gpt2"), lastLayer: 1));
        Assert.True(half.Weights < whole.Weights);
        Assert.Equal(whole.KeyValueCache, 2 * half.KeyValueCache); // 2 layers of 4
        Assert.Equal(2L * 4 * 48 * 64 * 4, whole.KeyValueCache);   // keys and values · layers · heads · context · bytes
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedWithNumbers()
    {
        var plan = new MemoryPlan("big", ScalarType.Float32, CPU, 10_000_000_000) { Tokens = 1024, KeyValueCache = 500_000_000, Sae = 300_000_000, Activations = 1_200_000_000, Available = 8_000_000_000 };
        var message = Assert.Throws<InsufficientMemoryException>(plan.RequireFits).Message;
        Assert.Equal("big in float32 on cpu: weights 10.00 GB, cache 0.50 GB, SAE 0.30 GB, activations 1.20 GB (one prompt of 1,024 tokens), in all 12.00 GB of 8.00 GB available. " +
            "It does not fit: try dtype bfloat16, fewer layers (lastLayer) or a smaller model; or free memory first.", message);
        Assert.True(plan.IsWorthSaying);
        (plan with { Available = 12_000_000_000 }).RequireFits();
        (plan with { Available = null }).RequireFits(); // nobody knows
        Assert.False(MemoryPlan.Of(Golden.PathOf("llama")).IsWorthSaying);
    }

    [Fact]
    public void DamagedFilesAreFoundBeforeAnythingIsAllocated()
    {
        using var folder = new ModelFolder("llama", weights: w => w.Remove("model.layers.2.mlp.down_proj.weight"));
        Assert.Equal("model.layers.2.mlp.down_proj.weight", Assert.Throws<CheckpointException>(() => MemoryPlan.Of(folder.Path)).Item);
    }

    [Fact]
    public void WhatIsAvailableIsTheLeastOfSystemAndControlGroup()
    {
        string Write(string name, string text)
        {
            var path = Path.Combine(_folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return path;
        }
        var info = Write("meminfo", "MemTotal:       24000000 kB\nMemFree: 100 kB\nMemAvailable:   20000000 kB\n");
        Assert.Equal(20_480_000_000, AvailableMemory.OnLinux(info, Path.Combine(_folder, "none")));
        Write("v2/memory.current", "6000000000\n");
        Write("v2/memory.stat", "anon 1\ninactive_file 2000000000\nactive_file 7\n");
        Write("v2/memory.max", "max\n");
        Assert.Equal(20_480_000_000, AvailableMemory.OnLinux(info, Path.Combine(_folder, "v2")));
        Write("v2/memory.max", "8000000000\n");
        Assert.Equal(4_000_000_000, AvailableMemory.OnLinux(info, Path.Combine(_folder, "v2"))); // the cache of files gives way
        Write("v1/memory/memory.limit_in_bytes", "5000000000\n");
        Write("v1/memory/memory.usage_in_bytes", "5500000000\n");
        Assert.Equal(0, AvailableMemory.OnLinux(info, Path.Combine(_folder, "v1")));
        Assert.Null(AvailableMemory.OnLinux("/nowhere", "/nowhere"));
    }
}
