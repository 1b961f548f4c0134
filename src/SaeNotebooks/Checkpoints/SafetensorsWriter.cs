using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace SaeNotebooks.Checkpoints;

/// <summary>Writes safetensors files.</summary>
public static class SafetensorsWriter
{
    /// <summary>
    /// Writes tensors to a file, which appears under its name only once it is complete.
    /// </summary>
    /// <param name="path">the file; overwritten if it exists</param>
    /// <param name="tensors">names and values; any device, any layout, types as in <see cref="SafetensorsFile"/></param>
    /// <param name="dtype">converts floating-point tensors to this type; by default each keeps its own</param>
    /// <param name="metadata">string metadata; by default <c>format = pt</c>, which HuggingFace transformers requires</param>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, ScalarType? dtype = null,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // Widest type first, then by name: every tensor stays aligned to its element size.
        var ordered = tensors.Select(t => (Name: t.Key, t.Value, Dtype: TypeInFile(t.Value, dtype)))
            .OrderByDescending(t => SafetensorsDtypes.Of(t.Dtype).Size).ThenBy(t => t.Name, StringComparer.Ordinal).ToList();
        Write(path, [.. ordered.Select(t => (t.Name, t.Dtype, t.Value.shape))], stream =>
        {
            foreach (var (_, value, type) in ordered) WriteTensor(stream, value, type);
        }, metadata);
    }

    /// <summary>Writes tensors that are made while they are written, so that they need not be in memory together. The file appears under its
    /// name only once it is complete.</summary>
    /// <param name="path">the file; overwritten if it exists</param>
    /// <param name="tensors">what the file will hold, in this order</param>
    /// <param name="data">writes the data of all tensors, one behind the other, row-major and little-endian</param>
    /// <param name="metadata">string metadata; by default <c>format = pt</c></param>
    /// <exception cref="InvalidDataException">that is not as many bytes as the tensors have</exception>
    public static void Write(string path, IReadOnlyList<(string Name, ScalarType Dtype, long[] Shape)> tensors, Action<Stream> data,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        var (header, bytes) = Header(tensors, metadata ?? new Dictionary<string, string> { ["format"] = "pt" });
        var partial = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.partial";
        try
        {
            using (var stream = File.Create(partial))
            {
                Span<byte> length = stackalloc byte[8];
                BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
                stream.Write(length);
                stream.Write(header);
                data(stream);
                var written = stream.Length - length.Length - header.Length;
                if (written != bytes) throw new InvalidDataException($"{path}: {written} bytes of data were written, but the tensors have {bytes}.");
            }
            File.Move(partial, path, overwrite: true);
        }
        finally { File.Delete(partial); }
    }

    private static ScalarType TypeInFile(Tensor tensor, ScalarType? wanted) =>
        wanted is { } w && tensor.is_floating_point() ? w : tensor.dtype;

    private static (byte[] Json, long DataBytes) Header(IEnumerable<(string Name, ScalarType Dtype, long[] Shape)> entries, IReadOnlyDictionary<string, string> metadata)
    {
        var json = new Dictionary<string, object> { ["__metadata__"] = metadata };
        long at = 0;
        foreach (var (name, dtype, shape) in entries)
        {
            var (typeName, size) = SafetensorsDtypes.Of(dtype);
            var end = at + shape.Aggregate((long)size, (product, dimension) => checked(product * dimension));
            json.Add(name, new Dictionary<string, object> { ["dtype"] = typeName, ["shape"] = shape, ["data_offsets"] = new[] { at, end } });
            at = end;
        }
        var bytes = JsonSerializer.SerializeToUtf8Bytes(json);
        var padded = new byte[(bytes.Length + 7) / 8 * 8]; // the data starts on a multiple of eight; spaces are legal JSON
        padded.AsSpan().Fill((byte)' ');
        bytes.CopyTo(padded, 0);
        return (padded, at);
    }

    private static void WriteTensor(Stream stream, Tensor value, ScalarType dtype)
    {
        const long piece = 1 << 28; // elements; a span cannot be longer than 2 GB
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var flat = value.detach().to(dtype).cpu().contiguous().view(-1);
        var count = flat.numel();
        for (long at = 0; at < count; at += piece)
            stream.Write(flat.narrow(0, at, Math.Min(piece, count - at)).bytes);
    }
}
