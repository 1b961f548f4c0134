using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace SaeNotebooks.Checkpoints;

/// <summary>What precedes the numbers of a NumPy array on disk: type, order and shape
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).</summary>
/// <param name="Dtype">element type</param>
/// <param name="IsFortran">whether the first index runs fastest</param>
/// <param name="Shape">dimensions</param>
/// <param name="Length">bytes of the header itself</param>
internal sealed partial record NpyHeader(ScalarType Dtype, bool IsFortran, long[] Shape, int Length)
{
    private const int MaxLength = 1 << 16;

    private static readonly (string Name, ScalarType Dtype)[] Types =
    [
        ("<f4", ScalarType.Float32), ("<f8", ScalarType.Float64), ("<f2", ScalarType.Float16), ("<i8", ScalarType.Int64),
        ("<i4", ScalarType.Int32), ("<i2", ScalarType.Int16), ("|i1", ScalarType.Int8), ("|u1", ScalarType.Byte), ("|b1", ScalarType.Bool),
    ];

    /// <exception cref="InvalidDataException">not an array that can be read; the message says why</exception>
    public static NpyHeader Read(Stream stream)
    {
        var start = new byte[8];
        stream.ReadExactly(start);
        if (!start.AsSpan(0, 6).SequenceEqual<byte>([0x93, .. "NUMPY"u8]))
            throw new InvalidDataException("it does not begin as a NumPy array");
        if (start[6] is < 1 or > 3) throw new InvalidDataException($"its format version is {start[6]}; known are 1 to 3");
        var size = new byte[start[6] == 1 ? 2 : 4];
        stream.ReadExactly(size);
        var length = size.Length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > MaxLength) throw new InvalidDataException($"its header claims {length} bytes");
        var text = new byte[length];
        stream.ReadExactly(text);
        return Parse(Encoding.UTF8.GetString(text), 8 + size.Length + (int)length);
    }

    /// <summary>Bytes of the numbers; null if that is more than a file can have.</summary>
    public long? DataLength
    {
        get
        {
            Int128 bytes = SizeOf(Dtype);
            foreach (var dimension in Shape)
                if ((bytes *= dimension) > long.MaxValue) return null;
            return (long)bytes;
        }
    }

    private static NpyHeader Parse(string text, int length)
    {
        if (Descr().Match(text) is not { Success: true } descr || Order().Match(text) is not { Success: true } order
            || ShapeTuple().Match(text) is not { Success: true } shape)
            throw new InvalidDataException($"its header is not understood: {text.Trim()}");
        var type = Array.FindIndex(Types, t => t.Name == descr.Groups[1].Value);
        if (type < 0) throw new InvalidDataException($"its element type is {descr.Groups[1].Value}; known are {string.Join(", ", Types.Select(t => t.Name))}");
        var dimensions = shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new(Types[type].Dtype, order.Groups[1].Value == "True",
            [.. dimensions.Select(d => long.Parse(d, CultureInfo.InvariantCulture))], length);
    }

    private static int SizeOf(ScalarType dtype) => SafetensorsDtypes.Of(dtype).Size;

    [GeneratedRegex(@"'descr':\s*'([^']*)'")]
    private static partial Regex Descr();

    [GeneratedRegex(@"'fortran_order':\s*(True|False)")]
    private static partial Regex Order();

    [GeneratedRegex(@"'shape':\s*\(((?:\s*\d{1,18}\s*,?)*)\)")]
    private static partial Regex ShapeTuple();
}
