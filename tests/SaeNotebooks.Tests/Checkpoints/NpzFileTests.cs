using System.IO.Compression;
using System.Text;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Checkpoints;

public sealed class NpzFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("npz").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File => Path.Combine(_folder, "params.npz");

    [Fact]
    public void Stored_and_deflated_archives_of_any_order_and_type_hold_the_same_numbers()
    {
        using var scope = NewDisposeScope();
        using var stored = NpzFile.Open(Golden.PathOf("sae_gemma_scope", "layer_1/width_16k/average_l0_71/params.npz"));
        using var deflated = NpzFile.Open(Golden.PathOf("sae_gemma_scope", "params_deflate.npz"));
        using var mixed = NpzFile.Open(Golden.PathOf("sae_gemma_scope", "params_mixed.npz")); // W_enc in Fortran order, W_dec float16, b_enc float64
        Assert.Equal([32, 128], stored.ShapeOf("W_enc")!);
        foreach (var name in stored.Names)
        {
            var expected = stored.Read(name);
            Assert.True(expected.equal(deflated.Read(name)).all().item<bool>(), name);
            var close = name == "W_dec" ? expected.to(float16).to(float32) : expected;
            Assert.True(close.equal(mixed.Read(name, float32)).all().item<bool>(), $"{name} of the mixed file");
        }
        Assert.Equal((ScalarType.Float16, ScalarType.Float64), (mixed.Read("W_dec").dtype, mixed.Read("b_enc").dtype));
    }

    [Theory, InlineData(1), InlineData(2)]
    public void Headers_of_both_versions_and_scalars_are_read(int version)
    {
        using var scope = NewDisposeScope();
        Write(("a", Npy("<f4", "(2, 3)", new float[] { 1, 2, 3, 4, 5, 6 }, version)), ("s", Npy("<f4", "()", [7f], version)), ("v", Npy("<f4", "(2,)", [8f, 9f], version)));
        using var file = NpzFile.Open(File);
        Assert.Equal([1f, 2, 3, 4, 5, 6], file.Read("a").data<float>().ToArray());
        Assert.Equal((7f, 2L), (file.Read("s").item<float>(), file.Read("v").shape[0]));
    }

    [Fact]
    public void A_ZIP64_archive_is_read()
    {
        using var scope = NewDisposeScope();
        System.IO.File.WriteAllBytes(File, Zip64("a.npy", Npy("<f4", "(3,)", [1f, 2f, 3f])));
        using var file = NpzFile.Open(File);
        Assert.Equal([1f, 2f, 3f], file.Read("a").data<float>().ToArray());
    }

    /// <summary>One stored entry, of which sizes and places are in the fields that only archives beyond 4 GB need (APPNOTE 4.3.9, 4.3.14, 4.3.15, 4.5.3).</summary>
    private static byte[] Zip64(string name, byte[] content)
    {
        const uint Elsewhere = 0xFFFFFFFF;
        using var memory = new MemoryStream();
        using var zip = new BinaryWriter(memory);
        var (crc, length, text) = (Crc32(content), (long)content.Length, Encoding.ASCII.GetBytes(name));
        void Common() { zip.Write((ushort)45); zip.Write((ushort)0); zip.Write((ushort)0); zip.Write(0x00210000u); zip.Write(crc); zip.Write(Elsewhere); zip.Write(Elsewhere); zip.Write((ushort)text.Length); }
        zip.Write(0x04034b50u); Common(); zip.Write((ushort)20); zip.Write(text);
        zip.Write((ushort)1); zip.Write((ushort)16); zip.Write(length); zip.Write(length);
        zip.Write(content);
        var directory = memory.Position;
        zip.Write(0x02014b50u); zip.Write((ushort)45); Common(); zip.Write((ushort)28); zip.Write(new byte[10]); zip.Write(Elsewhere); zip.Write(text);
        zip.Write((ushort)1); zip.Write((ushort)24); zip.Write(length); zip.Write(length); zip.Write(0L);
        var end = memory.Position;
        zip.Write(0x06064b50u); zip.Write(44L); zip.Write((ushort)45); zip.Write((ushort)45); zip.Write(0u); zip.Write(0u); zip.Write(1L); zip.Write(1L); zip.Write(end - directory); zip.Write(directory);
        zip.Write(0x07064b50u); zip.Write(0u); zip.Write(end); zip.Write(1u);
        zip.Write(0x06054b50u); zip.Write(0u); zip.Write(ushort.MaxValue); zip.Write(ushort.MaxValue); zip.Write(Elsewhere); zip.Write(Elsewhere); zip.Write((ushort)0);
        return memory.ToArray();
    }

    private static uint Crc32(byte[] content) => ~content.Aggregate(~0u, (crc, next) => Enumerable.Range(0, 8).Aggregate(crc ^ next, (c, _) => (c & 1) == 0 ? c >> 1 : c >> 1 ^ 0xEDB88320));

    [Theory]
    [InlineData(">f4", "(2,)", "element type is >f4")]
    [InlineData("|O", "(2,)", "element type is |O")]
    [InlineData("<f4", "(3,)", "but the archive holds")]
    [InlineData("<f4", "(4000000000, 4000000000, 4000000000)", "but the archive holds")]
    [InlineData("<f4", "(-2,)", "header is not understood")]
    public void An_array_that_is_not_what_it_says_is_refused(string type, string shape, string expected)
    {
        Write(("a", Npy(type, shape, [1f, 2f])));
        AssertRefused(expected);
    }

    [Fact]
    public void What_is_no_array_is_refused()
    {
        Write(("a", "not an array at all"u8.ToArray()));
        AssertRefused("does not begin as a NumPy array");
        using (var zip = new ZipArchive(System.IO.File.Create(File), ZipArchiveMode.Create)) zip.CreateEntry("readme.txt");
        AssertRefused("holds .npy files and nothing else");
        System.IO.File.WriteAllText(File, "nothing of the kind");
        AssertRefused("truncated or no archive");
    }

    [Fact]
    public void A_truncated_archive_is_refused()
    {
        Write(("a", Npy("<f4", "(2,)", [1f, 2f])));
        System.IO.File.WriteAllBytes(File, System.IO.File.ReadAllBytes(File)[..^30]);
        AssertRefused("truncated or no archive");
    }

    [Fact]
    public void A_zip_bomb_is_not_unpacked()
    {
        Write(("a", Npy("<f4", "(8000000,)", new float[8_000_000])));
        using var file = NpzFile.Open(File);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("zip bomb", Assert.Throws<CheckpointException>(() => file.Read("a")).Message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void An_archive_that_lies_about_an_arrays_size_is_refused()
    {
        Write(("a", Npy("<f4", "(1000,)", new float[1000])));
        var bytes = System.IO.File.ReadAllBytes(File);
        var directory = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        // The directory now promises an array of 2 numbers; the header inside still says 1,000.
        BitConverter.GetBytes(136).CopyTo(bytes, directory + 24);
        System.IO.File.WriteAllBytes(File, bytes);
        AssertRefused("but the archive holds 136 bytes");
    }

    private void AssertRefused(string expected)
    {
        var error = Assert.Throws<CheckpointException>(() => NpzFile.Open(File).Dispose());
        Assert.Contains(expected, error.Message);
        Assert.Contains(File, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    private void Write(params (string Name, byte[] Bytes)[] entries)
    {
        using var zip = new ZipArchive(System.IO.File.Create(File), ZipArchiveMode.Create);
        foreach (var (name, bytes) in entries)
        {
            using var stream = zip.CreateEntry(name + ".npy", CompressionLevel.Optimal).Open();
            stream.Write(bytes);
        }
    }

    private static byte[] Npy(string type, string shape, float[] numbers, int version = 1)
    {
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}";
        header = header.PadRight((header.Length / 64 + 1) * 64 - (version == 1 ? 11 : 13)) + "\n";
        var length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes((uint)header.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. numbers.SelectMany(BitConverter.GetBytes)];
    }
}
