using System.Buffers.Binary;
using System.Text;

namespace SaeNotebooks.Runtime;

/// <summary>
/// The symbol versions that a 64-bit little-endian ELF library requires of other libraries
/// (section <c>.gnu.version_r</c>; System V ABI, LSB core 10.7).
/// </summary>
internal static class ElfVersionNeeds
{
    private const int ProgramHeaderLoad = 1, ProgramHeaderDynamic = 2;
    private const long TagStringTable = 5, TagVersionNeed = 0x6ffffffe, TagVersionNeedCount = 0x6fffffff;
    private const ushort WeakFlag = 0x2; // VER_FLG_WEAK: the loader warns instead of refusing when the version is absent

    /// <summary>Marks one required version as weak, in place.</summary>
    /// <param name="image">the bytes of the library</param>
    /// <param name="version">for example <c>GLIBCXX_3.4.32</c></param>
    /// <returns>whether the library asks for that version</returns>
    /// <exception cref="InvalidDataException">the image is not a 64-bit little-endian ELF file, or it is cut short</exception>
    public static bool MarkWeak(Span<byte> image, string version)
    {
        if (image.Length < 64 || !image[..6].SequenceEqual<byte>([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
            throw new InvalidDataException("not a 64-bit little-endian ELF library");

        var (strings, needs, count) = FindTables(image);
        if (needs < 0 || strings < 0) return false;
        for (long entry = needs, i = 0; i < count; i++)
        {
            int auxiliaries = U16(image, entry + 2);
            var auxiliary = entry + U32(image, entry + 8);
            for (var k = 0; k < auxiliaries; k++)
            {
                if (NameAt(image, strings + U32(image, auxiliary + 8)) == version)
                {
                    var flags = (ushort)(U16(image, auxiliary + 4) | WeakFlag);
                    BinaryPrimitives.WriteUInt16LittleEndian(image[(int)(auxiliary + 4)..], flags);
                    return true;
                }
                auxiliary += U32(image, auxiliary + 12);
            }
            var next = U32(image, entry + 12);
            if (next == 0) break;
            entry += next;
        }
        return false;
    }

    private static (long Strings, long Needs, long Count) FindTables(ReadOnlySpan<byte> image)
    {
        long strings = -1, needs = -1, count = 0;
        var dynamic = ProgramHeaders(image).FirstOrDefault(h => h.Type == ProgramHeaderDynamic);
        for (long at = dynamic.Offset, end = Math.Min(dynamic.Size, image.Length) + at; at + 16 <= end; at += 16)
        {
            var value = I64(image, at + 8);
            switch (I64(image, at))
            {
                case TagStringTable: strings = FileOffset(image, value); break;
                case TagVersionNeed: needs = FileOffset(image, value); break;
                case TagVersionNeedCount: count = value; break;
            }
        }
        return (strings, needs, count);
    }

    private static List<(uint Type, long Offset, long Address, long Size)> ProgramHeaders(ReadOnlySpan<byte> image)
    {
        long table = I64(image, 32);
        int size = U16(image, 54), count = U16(image, 56);
        var headers = new List<(uint, long, long, long)>(count);
        for (var i = 0; i < count; i++)
        {
            var at = table + (long)i * size;
            headers.Add((U32(image, at), I64(image, at + 8), I64(image, at + 16), I64(image, at + 32)));
        }
        return headers;
    }

    private static long FileOffset(ReadOnlySpan<byte> image, long address)
    {
        foreach (var h in ProgramHeaders(image))
            if (h.Type == ProgramHeaderLoad && address >= h.Address && address < h.Address + h.Size)
                return address - h.Address + h.Offset;
        return -1;
    }

    private static string NameAt(ReadOnlySpan<byte> image, long offset)
    {
        var tail = Bytes(image, offset, 0);
        var length = tail.IndexOf((byte)0);
        return length >= 0 ? Encoding.ASCII.GetString(tail[..length]) : throw CutShort(image.Length);
    }

    private static ushort U16(ReadOnlySpan<byte> image, long at) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(image, at, 2));
    private static uint U32(ReadOnlySpan<byte> image, long at) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(image, at, 4));
    private static long I64(ReadOnlySpan<byte> image, long at) => BinaryPrimitives.ReadInt64LittleEndian(Bytes(image, at, 8));

    /// <summary>Everything from an offset on, which must be at least so many bytes.</summary>
    private static ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> image, long at, int atLeast) =>
        at >= 0 && at <= image.Length - atLeast ? image[(int)at..] : throw CutShort(image.Length);

    private static InvalidDataException CutShort(int length) => new($"the ELF library is cut short or damaged: its tables point beyond its {length} bytes");
}
