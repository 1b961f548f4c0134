using SaeNotebooks.Checkpoints;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using SaeNotebooks.Tests.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Checkpoints;

/// <summary>Tensors that lie in their file, compared with the same tensors read from it.</summary>
public sealed class FileMappingTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly string _folder = Directory.CreateTempSubdirectory("mapping").FullName;
    private readonly Dictionary<string, Tensor> _tensors;

    public FileMappingTests() => _tensors = new()
    {
        ["a"] = randn(3, 5), ["b"] = randn(4, 5), ["c"] = randn(7).to(ScalarType.BFloat16), ["d"] = arange(9), ["e"] = ones(0, 5), ["f"] = tensor(2.5f),
    };

    private string Written()
    {
        var path = Path.Combine(_folder, "model.safetensors");
        SafetensorsWriter.Write(path, _tensors);
        return path;
    }

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void WhatIsMappedIsWhatIsStored()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var file = SafetensorsFile.Open(Written());
        foreach (var (name, expected) in _tensors)
        {
            var mapped = file.Map(name)!;
            Assert.Equal(expected.dtype, mapped.dtype);
            Assert.Equal(expected.shape, mapped.shape);
            Assert.True(mapped.equal(expected).all().item<bool>(), name);
        }
        Assert.True(file.Map("a", "b")!.equal(cat([_tensors["a"], _tensors["b"]])).all().item<bool>());
        Assert.Null(file.Map("b", "a")); // not in the order of the file
        Assert.Null(file.Map("b", "c"));
    }

    [Fact]
    public void WhoeverWritesToATensorHasItToThemselves()
    {
        if (!OperatingSystem.IsLinux()) return;
        var path = Written();
        var before = File.ReadAllBytes(path);
        using var file = SafetensorsFile.Open(path);
        file.Map("a")!.zero_();
        Assert.Equal(0, file.Map("a")!.abs().sum().item<float>()); // one mapping, one copy
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void ATensorOutlivesItsFile()
    {
        if (!OperatingSystem.IsLinux()) return;
        var path = Written();
        Tensor mapped;
        using (var file = SafetensorsFile.Open(path)) mapped = file.Map("a")!;
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["a"] = zeros(3, 5) });
        File.Delete(path);
        Assert.True(mapped.equal(_tensors["a"]).all().item<bool>());
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void AFileThatWasCutIsNamed(bool mappedBefore)
    {
        if (!OperatingSystem.IsLinux()) return;
        _tensors["b"] = zeros(50_000, 5); // many pages
        var path = Written();
        using var file = SafetensorsFile.Open(path);
        if (mappedBefore) file.Map("a");
        using (var cut = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) cut.SetLength(8192);
        var error = Assert.Throws<CheckpointException>(() => file.Map("b"));
        Assert.Equal((path, "b"), (error.File, error.Item));
        Assert.Contains("cut", error.Message);
    }

    /// <summary>In one order queries, keys and values lie together in the file and in the other they do not; folding writes to every weight.</summary>
    [Theory]
    [InlineData("llama"), InlineData("gemma2"), InlineData("qwen2")]
    public void AModelIsTheSameInWhateverOrderItsFileIs(string family)
    {
        using var folder = new ModelFolder(family);
        var path = folder.PathOf("model.safetensors");
        Tensor Logits(WeightProcessing processing)
        {
            using var model = HookedTransformer.Load(folder.Path, processing: processing);
            using var run = model.Run(new[] { 2, 9, 40, 7 });
            return run.Logits.clone();
        }
        const WeightProcessing folding = WeightProcessing.FoldLn | WeightProcessing.FoldValueBiases;
        var (plain, folded) = (Logits(WeightProcessing.None), Logits(folding));
        using (var file = SafetensorsFile.Open(path))
        {
            var ordered = file.Tensors.Values.OrderBy(t => t.Name.Replace("q_proj", "1").Replace("k_proj", "2").Replace("v_proj", "3"), StringComparer.Ordinal).ToList();
            var values = ordered.Select(t => file.Read(t.Name)).ToList();
            SafetensorsWriter.Write(path, [.. ordered.Select(t => (t.Name, t.Dtype, t.Shape.ToArray()))], stream =>
            {
                foreach (var value in values) stream.Write(value.bytes);
            });
        }
        var bytes = File.ReadAllBytes(path);
        Compare.MaxAbs(plain, Logits(WeightProcessing.None), 1e-5, "logits");
        Compare.MaxAbs(folded, Logits(folding), 1e-5, "folded");
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }
}
