using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SaeNotebooks.Display;
using SaeNotebooks.Figures.Svg;

namespace SaeNotebooks.Charts.Tests;

public class PngTests
{
    [Fact]
    public void A_picture_can_be_read_back()
    {
        byte[] pixels = [0, 1, 2, 2, 1, 0];
        var file = PngImage.Write(3, pixels, [(new Rgb(255, 0, 0), 1), (new Rgb(0, 128, 0), 0.5), (new Rgb(1, 2, 3), 0)]);
        Assert.Equal([137, 80, 78, 71, 13, 10, 26, 10], file[..8]);

        var chunks = Chunks(file[8..]).ToList();
        Assert.Equal(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"], chunks.Select(c => c.Kind));
        Assert.Equal([0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0], chunks[0].Data);
        Assert.Equal([255, 0, 0, 0, 128, 0, 1, 2, 3], chunks[1].Data);
        Assert.Equal([255, 128, 0], chunks[2].Data);
        using var zlib = new ZLibStream(new MemoryStream(chunks[3].Data), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        Assert.Equal([0, 0, 1, 2, 0, 2, 1, 0], rows.ToArray());
    }

    /// <summary>Chunks, each with its check sum checked bit by bit, as the specification writes it.</summary>
    private static IEnumerable<(string Kind, byte[] Data)> Chunks(byte[] file)
    {
        for (var at = 0; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var body = file[(at + 4)..(at + 8 + length)];
            var crc = uint.MaxValue;
            foreach (var b in body)
                for (var bit = 0; bit < 8; bit++) crc = ((crc ^ (uint)(b >> bit)) & 1) != 0 ? 0xEDB88320 ^ crc >> 1 : crc >> 1;
            Assert.Equal(~crc, BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            yield return (Encoding.ASCII.GetString(body, 0, 4), body[4..]);
            at += 12 + length;
        }
    }
}
