using System.IO.Compression;
using System.Text;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Checkpoints.Torch;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Checkpoints;

public sealed class TorchFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("torch").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File => Path.Combine(_folder, "file.pt");

    [Theory, InlineData(CompressionLevel.NoCompression), InlineData(CompressionLevel.Optimal)]
    public void Tensors_of_every_layout_and_other_values_are_read(CompressionLevel compression)
    {
        using var scope = NewDisposeScope();
        Tensor plain = randn(3, 5), transposed = randn(4, 6).t(), half = randn(7).to(bfloat16), scalar = tensor(7L);
        TorchWriter.Write(File, new Dictionary<string, object>
        {
            ["plain"] = plain, ["transposed"] = transposed, ["half"] = half, ["scalar"] = scalar, ["activation"] = "TopK",
            ["state"] = new Dictionary<string, object> { ["k"] = 8, ["inner"] = plain },
        }, compression);
        using var file = TorchFile.Open(File);
        Assert.Equal(["plain", "transposed", "half", "scalar"], file.Names);
        Assert.Equal(["activation", "state"], file.Others);
        Assert.Equal(("TopK", 8L), (file.Text("activation"), file.Within("state")!.Integer("k")!.Value));
        Assert.Equal([6, 4], file.ShapeOf("transposed")!);
        foreach (var (name, expected) in new[] { ("plain", plain), ("transposed", transposed), ("half", half), ("scalar", scalar) })
        {
            var actual = file.Read(name);
            Assert.Equal((expected.dtype, true), (actual.dtype, actual.is_contiguous()));
            Assert.True(expected.equal(actual).all().item<bool>(), name);
        }
        Assert.True(file.Within("state")!.Read("inner").equal(plain).all().item<bool>());
        Assert.Equal(ScalarType.Float32, file.Read("half", float32).dtype);
    }

    [Fact]
    public void The_old_layout_holds_what_the_new_one_does()
    {
        using var scope = NewDisposeScope();
        using var old = TorchFile.Open(Golden.PathOf("sae_dl_standard", "ae_legacy.pt"));
        using var now = TorchFile.Open(Golden.PathOf("sae_dl_standard", "ae.pt"));
        Assert.Equal(now.Names, old.Names);
        foreach (var name in now.Names) Assert.True(now.Read(name).equal(old.Read(name)).all().item<bool>(), name);
    }

    [Theory]
    [InlineData("cos\nsystem\n(X\u0004\0\0\0truetR.", "asks for 'os.system', which is not allowed")]
    [InlineData("cbuiltins\neval\n(X\u0001\0\0\01tR.", "asks for 'builtins.eval', which is not allowed")]
    [InlineData("ctorch.storage\n_load_from_bytes\n.", "asks for 'torch.storage._load_from_bytes', which is not allowed")]
    [InlineData("X\u0002\0\0\0osX\u0006\0\0\0system\u0093.", "asks for 'os.system', which is not allowed")]
    [InlineData("i__main__\nThing\n.", "the pickle instruction 0x69")]
    [InlineData("P1\n.", "the pickle instruction 0x50")]
    [InlineData("K\u0001)R.", "calls what is not a function")]
    [InlineData("K\u0001.", "holds no dictionary")]
    [InlineData("}X\u00ff\u00ff\u00ff\u007fshort", "is truncated")]
    [InlineData("}", "is truncated")]
    [InlineData("R.", "is damaged")]
    [InlineData("h\u0007.", "is damaged")]
    public void A_pickle_that_wants_more_than_tensors_or_is_damaged_is_refused(string pickle, string expected)
    {
        TorchWriter.WriteArchive(File, [0x80, 2, .. Encoding.Latin1.GetBytes(pickle)], []);
        AssertRefused(expected);
    }

    [Fact]
    public void A_malicious_file_of_the_old_layout_is_refused()
    {
        System.IO.File.WriteAllBytes(File, [0x80, 2, .. "cposix\nsystem\n(X\u0004\0\0\0truetR."u8]);
        AssertRefused("asks for 'posix.system'");
        System.IO.File.WriteAllBytes(File, [0x80, 2, .. "K\u0001."u8]);
        AssertRefused("not one of PyTorch's files");
    }

    [Fact]
    public void A_tensor_that_reaches_beyond_its_storage_is_refused()
    {
        const string view = "(}X\u0001\0\0\0actorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0004tQK\u0000(K\u0005t(K\u0001t\u0089NtRs.";
        TorchWriter.WriteArchive(File, [0x80, 2, .. Encoding.Latin1.GetBytes(view[1..])], [new byte[16]]);
        AssertRefused("reaches beyond the 4 numbers of its storage");
    }

    [Fact]
    public void Truncated_files_are_refused()
    {
        foreach (var name in new[] { "ae.pt", "ae_legacy.pt" })
        {
            var whole = System.IO.File.ReadAllBytes(Golden.PathOf("sae_dl_standard", name));
            System.IO.File.WriteAllBytes(File, whole[..^(whole.Length / 3)]);
            AssertRefused("truncated");
        }
        System.IO.File.WriteAllBytes(File, []);
        AssertRefused("cannot be read");
    }

    [Fact]
    public void A_storage_of_another_size_and_a_bomb_are_refused()
    {
        using var scope = NewDisposeScope();
        TorchWriter.Write(File, new Dictionary<string, object> { ["a"] = zeros(8_000_000) }, CompressionLevel.Optimal);
        using (var file = TorchFile.Open(File)) Assert.Contains("zip bomb", Assert.Throws<CheckpointException>(() => file.Read("a")).Message);
        Assert.Contains("zip bomb", Assert.Throws<CheckpointException>(() => { using var file = TorchFile.Open(File); file.Read("a"); }).Message);
    }

    private void AssertRefused(string expected)
    {
        var error = Assert.Throws<CheckpointException>(() => TorchFile.Open(File).Dispose());
        Assert.Contains(expected, error.Message);
        Assert.Contains(File, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
