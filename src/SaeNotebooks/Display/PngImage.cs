using System.Buffers.Binary;
using System.IO.Compression;
using SaeNotebooks.Figures.Svg;

namespace SaeNotebooks.Display;

/// <summary>Small pictures of a few colours, one pixel to a number, as PNG (W3C, Portable Network Graphics, 2003), which every page and code host shows.</summary>
internal static class PngImage
{
    private static readonly byte[] Signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(n => Enumerable.Range(0, 8).Aggregate((uint)n, (c, _) => (c & 1) != 0 ? 0xEDB88320 ^ c >> 1 : c >> 1))];

    /// <summary>The picture as an address that an <c>img</c> element takes.</summary>
    /// <param name="width">pixels in a row</param>
    /// <param name="pixels">numbers of colours, row by row</param>
    /// <param name="palette">at most 256 colours with their opacity, 0 to 1</param>
    public static string Address(int width, byte[] pixels, IReadOnlyList<(Rgb Color, double Opacity)> palette) =>
        "data:image/png;base64," + Convert.ToBase64String(Write(width, pixels, palette));

    /// <summary>The file.</summary>
    /// <inheritdoc cref="Address"/>
    public static byte[] Write(int width, byte[] pixels, IReadOnlyList<(Rgb Color, double Opacity)> palette)
    {
        var height = pixels.Length / width;
        using var file = new MemoryStream();
        file.Write(Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 3); // bits per pixel; colours from a palette
        Chunk(file, "IHDR", header);
        Chunk(file, "PLTE", [.. palette.SelectMany(p => new[] { Channel(p.Color.R), Channel(p.Color.G), Channel(p.Color.B) })]);
        Chunk(file, "tRNS", [.. palette.Select(p => Channel(255 * p.Opacity))]);
        Chunk(file, "IDAT", Compress(pixels, width, height));
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    private static byte Channel(double value) => (byte)Math.Round(value);

    /// <summary>Rows, each behind a 0 for "no filter".</summary>
    private static byte[] Compress(byte[] pixels, int width, int height)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal))
            for (var row = 0; row < height; row++)
            {
                zlib.WriteByte(0);
                zlib.Write(pixels, row * width, width);
            }
        return compressed.ToArray();
    }

    private static void Chunk(Stream file, string kind, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] body = [.. kind.Select(c => (byte)c), .. data];
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~body.Aggregate(~0u, (crc, b) => CrcTable[(crc ^ b) & 255] ^ crc >> 8));
        file.Write(number);
    }
}
