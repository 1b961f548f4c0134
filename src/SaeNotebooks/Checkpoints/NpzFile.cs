using static TorchSharp.torch;

namespace SaeNotebooks.Checkpoints;

/// <summary>NumPy's archive of arrays (<c>np.savez</c>, <c>np.savez_compressed</c>). Headers are read on opening, numbers on demand.</summary>
public sealed class NpzFile : ITensorFile
{
    private const string Extension = ".npy";
    private readonly ZipFile _zip;
    private readonly Dictionary<string, NpyHeader> _headers;

    private NpzFile(string path, ZipFile zip, Dictionary<string, NpyHeader> headers) => (Path, _zip, _headers) = (path, zip, headers);

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IEnumerable<string> Names => _headers.Keys;

    /// <summary>Opens an archive.</summary>
    /// <exception cref="CheckpointException">not an archive of arrays, or an array whose size is not the one that its header says</exception>
    public static NpzFile Open(string path)
    {
        var zip = ZipFile.Open(path);
        try
        {
            var headers = new Dictionary<string, NpyHeader>();
            foreach (var entry in zip.Names)
                if (!headers.TryAdd(NameOf(path, entry), ReadHeader(path, zip, entry))) throw new CheckpointException(path, entry, "is in the archive twice");
            return new(path, zip, headers);
        }
        catch
        {
            zip.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<long>? ShapeOf(string name) => _headers.GetValueOrDefault(name)?.Shape;

    /// <inheritdoc/>
    public Tensor Read(string name, ScalarType? dtype = null)
    {
        var header = _headers.GetValueOrDefault(name) ?? throw new CheckpointException(Path, name, "the file has no such array");
        using var scope = NewDisposeScope();
        var raw = _zip.Read(name + Extension, stream =>
        {
            stream.ReadExactly(new byte[header.Length]);
            var tensor = empty(header.IsFortran ? [.. header.Shape.Reverse()] : header.Shape, header.Dtype);
            TensorStream.Fill(tensor, stream);
            return tensor;
        });
        var ordered = header.IsFortran ? raw.permute([.. Enumerable.Range(0, header.Shape.Length).Reverse().Select(d => (long)d)]).contiguous() : raw;
        return ordered.to(dtype ?? header.Dtype).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _zip.Dispose();

    private static string NameOf(string path, string entry) => entry.EndsWith(Extension, StringComparison.Ordinal) ? entry[..^Extension.Length]
        : throw new CheckpointException(path, entry, "is not an array; an .npz archive holds .npy files and nothing else");

    private static NpyHeader ReadHeader(string path, ZipFile zip, string entry)
    {
        try
        {
            var header = zip.Peek(entry, NpyHeader.Read);
            if (header.DataLength is not { } data || data + header.Length != zip.LengthOf(entry))
                throw new CheckpointException(path, NameOf(path, entry),
                    $"its header says {header.Dtype} {TensorEntry.Text(header.Shape)}, but the archive holds {zip.LengthOf(entry)} bytes of it");
            return header;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new CheckpointException(path, NameOf(path, entry), $"cannot be read: {e.Message}", e);
        }
    }
}
