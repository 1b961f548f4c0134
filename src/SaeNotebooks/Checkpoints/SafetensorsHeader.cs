using System.Text.Json;

namespace SaeNotebooks.Checkpoints;

/// <summary>
/// The JSON header of a safetensors file, checked in full before anybody allocates a tensor: names, types, shapes, and byte ranges
/// that neither overlap nor leave holes (https://github.com/huggingface/safetensors#format).
/// </summary>
internal sealed record SafetensorsHeader(IReadOnlyDictionary<string, TensorEntry> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The reference implementation's own limit.</summary>
    public const long MaxLength = 100_000_000;

    private const string MetadataKey = "__metadata__";

    /// <param name="json">the header's bytes</param>
    /// <param name="file">for error messages</param>
    /// <param name="dataStart">file offset of the first byte after the header</param>
    /// <param name="fileLength">length of the file in bytes</param>
    public static SafetensorsHeader Parse(ReadOnlyMemory<byte> json, string file, long dataStart, long fileLength)
    {
        using var document = CheckedJson.Parse(json, file, "the header is ");
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new CheckpointException(file, null, $"the header is a JSON {document.RootElement.ValueKind}, expected an object");

        var tensors = new Dictionary<string, TensorEntry>();
        var metadata = new Dictionary<string, string>();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.Name == MetadataKey) ReadMetadata(property.Value, metadata, file);
            else if (!tensors.TryAdd(property.Name, ReadEntry(property, file, dataStart, fileLength)))
                throw new CheckpointException(file, property.Name, "the header lists this tensor twice");
        }
        RequireContiguous(tensors.Values, file, dataStart, fileLength);
        return new SafetensorsHeader(tensors, metadata);
    }

    private static void ReadMetadata(JsonElement value, Dictionary<string, string> metadata, string file)
    {
        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String))
            throw new CheckpointException(file, MetadataKey, "expected an object whose values are strings");
        foreach (var item in value.EnumerateObject()) metadata[item.Name] = item.Value.GetString()!;
    }

    private static TensorEntry ReadEntry(JsonProperty property, string file, long dataStart, long fileLength)
    {
        CheckpointException Bad(string problem) => new(file, property.Name, problem);

        if (property.Value.ValueKind != JsonValueKind.Object) throw Bad("expected an object with dtype, shape and data_offsets");
        var typeName = property.Value.TryGetProperty("dtype", out var d) && d.ValueKind == JsonValueKind.String ? d.GetString()! : "";
        var (dtype, size) = SafetensorsDtypes.Find(typeName) ?? throw Bad($"dtype '{typeName}' is not one of {SafetensorsDtypes.Names}");
        var shape = Integers(property.Value, "shape") ?? throw Bad("'shape' is not a list of non-negative integers");
        if (Integers(property.Value, "data_offsets") is not [var begin, var end]) throw Bad("'data_offsets' is not a pair of non-negative integers");

        var available = fileLength - dataStart;
        if (begin > end || end > available)
            throw Bad($"its bytes {begin}..{end} do not lie in the file, which holds {available} bytes of data; the file is truncated or damaged");
        if (ByteCount(shape, size) is not { } expected || expected != end - begin)
            throw Bad($"{typeName} {TensorEntry.Text(shape)} does not fill the {end - begin} bytes that the header gives it");
        return new TensorEntry(property.Name, dtype, shape, dataStart + begin, end - begin);
    }

    private static long[]? Integers(JsonElement entry, string key)
    {
        if (!entry.TryGetProperty(key, out var list) || list.ValueKind != JsonValueKind.Array) return null;
        var values = new long[list.GetArrayLength()];
        for (var i = 0; i < values.Length; i++)
            if (list[i].ValueKind != JsonValueKind.Number || !list[i].TryGetInt64(out values[i]) || values[i] < 0) return null;
        return values;
    }

    private static long? ByteCount(long[] shape, int size)
    {
        Int128 count = size;
        foreach (var dimension in shape)
            if ((count *= dimension) > long.MaxValue) return null;
        return (long)count;
    }

    private static void RequireContiguous(IEnumerable<TensorEntry> entries, string file, long dataStart, long fileLength)
    {
        var at = dataStart;
        foreach (var entry in entries.OrderBy(e => e.Offset).ThenBy(e => e.Length))
        {
            if (entry.Offset < at) throw new CheckpointException(file, entry.Name, "its bytes overlap with those of another tensor");
            if (entry.Offset > at) throw new CheckpointException(file, entry.Name,
                $"{entry.Offset - at} bytes before it belong to no tensor");
            at = entry.Offset + entry.Length;
        }
        if (at != fileLength) throw new CheckpointException(file, null, $"{fileLength - at} bytes at the end belong to no tensor");
    }
}
