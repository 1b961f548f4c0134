using System.Buffers.Binary;
using System.Text;
using SaeNotebooks.Runtime;

namespace SaeNotebooks.Tests.Runtime;

public class ElfVersionNeedsTests
{
    private const string Wanted = "GLIBCXX_3.4.32";

    [Fact]
    public void Marking_a_version_flips_its_weak_bit_and_nothing_else()
    {
        var image = TinyElf.Build(["GLIBC_2.14", Wanted, "CXXABI_1.3"]);
        var marked = image.ToArray();

        Assert.True(ElfVersionNeeds.MarkWeak(marked, Wanted));
        var changed = Enumerable.Range(0, image.Length).Where(i => image[i] != marked[i]).ToList();
        Assert.Equal([TinyElf.FlagsOffset(1)], changed);
        Assert.Equal(0x2, image[changed[0]] ^ marked[changed[0]]);
        Assert.True(ElfVersionNeeds.MarkWeak(marked, Wanted));
        Assert.Equal(0x2, marked[changed[0]]);
    }

    [Theory]
    [InlineData("GLIBC_2.14", 0)]
    [InlineData("CXXABI_1.3", 2)]
    public void Every_entry_is_found(string version, int index)
    {
        var image = TinyElf.Build(["GLIBC_2.14", Wanted, "CXXABI_1.3"]);
        Assert.True(ElfVersionNeeds.MarkWeak(image, version));
        Assert.Equal(0x2, image[TinyElf.FlagsOffset(index)]);
    }

    [Fact]
    public void A_version_that_is_not_asked_for_changes_nothing()
    {
        var image = TinyElf.Build(["GLIBC_2.14", Wanted]);
        var same = image.ToArray();
        Assert.False(ElfVersionNeeds.MarkWeak(same, "GLIBCXX_3.4"));
        Assert.Equal(image, same);
    }

    [Fact]
    public void What_is_no_ELF_library_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.MarkWeak([], Wanted));
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.MarkWeak(Encoding.ASCII.GetBytes(new string('x', 200)), Wanted));
        var bigEndian = TinyElf.Build([Wanted]);
        bigEndian[5] = 2;
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.MarkWeak(bigEndian, Wanted));
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused_and_left_alone()
    {
        var whole = TinyElf.Build(["GLIBC_2.14", Wanted]);
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.MarkWeak(cut, Wanted));
            Assert.Equal(whole[..length], cut);
        }
    }

    [Fact]
    public void Damaged_tables_are_refused_or_searched_in_vain_but_never_for_ever()
    {
        var whole = TinyElf.Build(["GLIBC_2.14", Wanted]);
        for (var at = 6; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0xFF;
            try { ElfVersionNeeds.MarkWeak(damaged, Wanted); }
            catch (InvalidDataException e) { Assert.Contains("cut short", e.Message); }
        }
    }

    /// <summary>The smallest library with a table of required versions: header, two program headers, dynamic section, needs, names.</summary>
    private static class TinyElf
    {
        private const int Dynamic = 64 + 2 * 56, Needs = Dynamic + 4 * 16, FirstVersion = Needs + 16;
        private const long LoadedAt = 0x1000;

        public static int FlagsOffset(int version) => FirstVersion + 16 * version + 4;

        public static byte[] Build(string[] versions)
        {
            var names = FirstVersion + 16 * versions.Length;
            var image = new byte[names + versions.Sum(v => v.Length + 1)];
            ((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(image);
            Put64(image, 32, 64);
            (image[54], image[56]) = (56, 2);
            ProgramHeader(image, 64, type: 1, offset: 0, LoadedAt, image.Length);
            ProgramHeader(image, 64 + 56, type: 2, Dynamic, LoadedAt + Dynamic, 4 * 16);
            DynamicEntry(image, 0, 5, LoadedAt + names);
            DynamicEntry(image, 1, 0x6ffffffe, LoadedAt + Needs);
            DynamicEntry(image, 2, 0x6fffffff, 1);
            (image[Needs], image[Needs + 2], image[Needs + 8]) = (1, (byte)versions.Length, 16);
            var name = 0;
            for (var i = 0; i < versions.Length; i++)
            {
                Put32(image, FirstVersion + 16 * i + 8, name);
                Put32(image, FirstVersion + 16 * i + 12, i < versions.Length - 1 ? 16 : 0);
                Encoding.ASCII.GetBytes(versions[i], image.AsSpan(names + name));
                name += versions[i].Length + 1;
            }
            return image;
        }

        private static void ProgramHeader(byte[] image, int at, int type, long offset, long address, long size)
        {
            Put32(image, at, type);
            Put64(image, at + 8, offset);
            Put64(image, at + 16, address);
            Put64(image, at + 32, size);
        }

        private static void DynamicEntry(byte[] image, int index, long tag, long value)
        {
            Put64(image, Dynamic + 16 * index, tag);
            Put64(image, Dynamic + 16 * index + 8, value);
        }

        private static void Put32(byte[] image, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(at), value);
        private static void Put64(byte[] image, int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(image.AsSpan(at), value);
    }
}
