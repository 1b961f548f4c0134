using System.Buffers.Binary;
using System.Text;
using SaeNotebooks.Checkpoints;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Checkpoints;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("safetensors").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string header, int dataBytes = 0, ulong? claimedLength = null)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(file, claimedLength ?? (ulong)json.Length);
        json.CopyTo(file, 8);
        var path = Path.Combine(_folder, "bad.safetensors");
        File.WriteAllBytes(path, file);
        return path;
    }

    private static string Entry(string name, string dtype, string shape, long begin, long end) =>
        $$"""
        "{{name}}":{"dtype":"{{dtype}}","shape":{{shape}},"data_offsets":[{{begin}},{{end}}]}
        """;

    [Theory]
    [InlineData(0, 10_000_000_000UL, "10000000000 bytes")]
    [InlineData(0, ulong.MaxValue, "18446744073709551615 bytes")]
    [InlineData(1000, 1100UL, "1100 bytes")]
    public void ALengthThatTheFileCannotHaveIsRefusedBeforeAnythingIsAllocated(int data, ulong claimed, string found)
    {
        var path = Write("{}", data, claimed);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - allocated < 1_000_000);
        Assert.Contains(found, error.Message);
        Assert.Equal(path, error.File);
    }

    public static TheoryData<string, int, string?, string> Hostile => new()
    {
        { "{" + Entry("a", "F32", "[4]", 0, 16) + "," + Entry("b", "F32", "[4]", 8, 24) + "}", 24, "b", "overlap" },
        { "{" + Entry("a", "F32", "[4]", 0, 16) + "," + Entry("a", "F32", "[4]", 16, 32) + "}", 32, "a", "twice" },
        { "{" + Entry("a", "F32", "[4]", 0, 16) + "}", 12, "a", "truncated" },
        { "{" + Entry("a", "F32", "[4]", 0, 16) + "}", 20, null, "4 bytes at the end" },
        { "{" + Entry("a", "F32", "[4]", 4, 20) + "}", 20, "a", "belong to no tensor" },
        { "{" + Entry("a", "F32", "[5]", 0, 16) + "}", 16, "a", "does not fill the 16 bytes" },
        { "{" + Entry("a", "F33", "[4]", 0, 16) + "}", 16, "a", "'F33' is not one of F64, F32" },
        { "{" + Entry("a", "F32", "[-4]", 0, 16) + "}", 16, "a", "non-negative" },
        { "{" + Entry("a", "F32", "[4294967296, 4294967296, 4294967296]", 0, 16) + "}", 16, "a", "does not fill" },
        { "{" + Entry("a", "F32", "[4]", 16, 0) + "}", 16, "a", "do not lie in the file" },
        { "{" + Entry("a", "F32", "[4]", 9223372036854775800, 9223372036854775807) + "}", 16, "a", "do not lie in the file" },
        { "{\"a\":3}", 0, "a", "expected an object" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "a", "data_offsets" },
        { "[1]", 0, null, "expected an object" },
        { "{\"__metadata__\":{\"x\":1}}", 0, "__metadata__", "strings" },
        { "{nonsense", 0, null, "not valid JSON" },
        { "{" + Entry("a\\udc00", "F32", "[4]", 0, 16) + "}", 16, null, "not valid JSON" },
        { "{" + Entry("a\\nb\\u001b[2J", "F33", "[4]", 0, 16) + "}", 16, "a\nb\u001b[2J", "'a\uFFFDb\uFFFD[2J'" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void AnInconsistentHeaderIsRefusedByName(string header, int data, string? tensor, string problem)
    {
        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(Write(header, data)));
        Assert.Equal(tensor, error.Item);
        Assert.Contains(problem, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void ANameThatIsNoUtf8IsRefused()
    {
        var path = Write("{" + Entry("a?", "F32", "[4]", 0, 16) + "}", 16);
        var bytes = File.ReadAllBytes(path);
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("not valid JSON", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path)).Message);
    }

    [Fact]
    public void AFileThatIsTooShortOrMissingIsRefused()
    {
        var path = Path.Combine(_folder, "short.safetensors");
        Assert.Contains("there is no such file", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path)).Message);
        File.WriteAllBytes(path, [1, 2, 3]);
        Assert.Contains("3 bytes", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path)).Message);
    }

    [Fact]
    public void WhatIsWrittenIsReadBackBitForBit()
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(_folder, "all.safetensors");
        ScalarType[] types = [ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64,
            ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool];
        var tensors = types.ToDictionary(t => t.ToString(), t => (randn(3, 5, generator: manual_seed(1)) * 10).to(t));
        tensors["scalar"] = tensor(1.5f);
        tensors["empty"] = zeros(0, 4);
        tensors["transposed"] = randn(4, 6).t();
        SafetensorsWriter.Write(path, tensors);

        using var file = SafetensorsFile.Open(path);
        Assert.Equal("pt", file.Metadata["format"]);
        foreach (var (name, expected) in tensors)
        {
            var actual = file.Read(name);
            Assert.Equal(expected.dtype, actual.dtype);
            Assert.Equal(expected.shape, actual.shape);
            Assert.True((expected == actual).all().item<bool>(), name);
        }
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void TypesConvertOnTheWayInAndOut()
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(_folder, "converted.safetensors");
        var weight = randn(7, 3);
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["w"] = weight, ["step"] = tensor(3L) }, ScalarType.BFloat16);
        using var file = SafetensorsFile.Open(path);
        Assert.Equal(ScalarType.BFloat16, file.Tensors["w"].Dtype);
        Assert.Equal(ScalarType.Int64, file.Tensors["step"].Dtype);
        Assert.True((file.Read("w", ScalarType.Float32) == weight.to(ScalarType.BFloat16).to(ScalarType.Float32)).all().item<bool>());
        Assert.Contains("'v'", Assert.Throws<CheckpointException>(() => file.Read("v")).Message);
    }

    [Fact]
    public void AFailedWriteLeavesTheOldFileAndNothingElse()
    {
        var path = Path.Combine(_folder, "kept.safetensors");
        using var weight = ones(2);
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["w"] = weight });
        var before = File.ReadAllBytes(path);
        using var complex = ones(2, ScalarType.ComplexFloat32);
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["w"] = complex }));
        var disposed = ones(2);
        disposed.Dispose();
        Assert.ThrowsAny<Exception>(() =>
            SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["a"] = weight, ["w"] = disposed }));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }
}
