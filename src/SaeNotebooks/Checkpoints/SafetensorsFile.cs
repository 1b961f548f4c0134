using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using SaeNotebooks.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Checkpoints;

/// <summary>A safetensors file, opened for reading. The header is validated on opening; tensors are read on demand.</summary>
/// <remarks>Reads are thread-safe. Disposing closes the file; tensors already read belong to whoever asked for them.</remarks>
public sealed class SafetensorsFile : ITensorFile
{
    private readonly SafeFileHandle _handle;
    private readonly SafetensorsHeader _header;
    private readonly Dictionary<ScalarType, FileMapping?> _mappings = [];

    private SafetensorsFile(string path, SafeFileHandle handle, SafetensorsHeader header) => (Path, _handle, _header) = (path, handle, header);

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>Every tensor in the file by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => _header.Tensors;

    /// <summary>The file's own string-to-string metadata; empty if it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <inheritdoc/>
    public IEnumerable<string> Names => Tensors.Keys;

    /// <inheritdoc/>
    public IReadOnlyList<long>? ShapeOf(string name) => Tensors.GetValueOrDefault(name)?.Shape;

    Tensor ITensorFile.Read(string name, ScalarType? dtype) => Read(name, dtype);

    /// <summary>Opens a file and validates its header.</summary>
    /// <exception cref="CheckpointException">the file is missing, truncated, or its header is not consistent with its length</exception>
    public static SafetensorsFile Open(string path)
    {
        var handle = OpenHandle(path);
        try { return new SafetensorsFile(path, handle, ReadHeader(path, handle)); }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads one tensor; the caller owns it.</summary>
    /// <param name="name">the tensor's name</param>
    /// <param name="dtype">converts to this type; by default the file's own</param>
    /// <param name="device">by default the CPU</param>
    /// <returns>a tensor of the shape that <see cref="Tensors"/> gives</returns>
    /// <exception cref="CheckpointException">no such tensor, or the file is shorter than it was when it was opened</exception>
    public Tensor Read(string name, ScalarType? dtype = null, Device? device = null)
    {
        var entry = Entry(name);
        var tensor = empty([.. entry.Shape], dtype ?? entry.Dtype, device ?? CPU);
        try { ReadInto(name, tensor); }
        catch
        {
            tensor.Dispose();
            throw;
        }
        return tensor;
    }

    /// <summary>Reads one tensor into memory that the caller already has, converting type and device if they differ.</summary>
    /// <param name="name">the tensor's name</param>
    /// <param name="destination">a contiguous tensor of the same shape; of the file's type and on the CPU it is filled without a copy,
    /// else through a buffer of a few megabytes</param>
    public void ReadInto(string name, Tensor destination)
    {
        var entry = Entry(name);
        if (!destination.shape.SequenceEqual(entry.Shape))
            throw new CheckpointException(Path, name, $"the shape is {entry.ShapeText}, expected {TensorEntry.Text(destination.shape)}");
        using var _ = no_grad();
        if (destination.dtype == entry.Dtype && destination.device_type == DeviceType.CPU) Fill(destination, entry);
        else Convert(destination, entry);
    }

    /// <summary>Tensors that lie one behind the other as one tensor in the file itself, of which nothing is copied; see <see cref="FileMapping"/>.
    /// The caller owns it.</summary>
    /// <param name="names">in the order of the file, with equal trailing dimensions</param>
    /// <returns>one below the other; null where they lie apart or differ in type, or the file cannot be mapped</returns>
    /// <exception cref="CheckpointException">the file has been cut since it was opened</exception>
    internal Tensor? Map(params IReadOnlyList<string> names)
    {
        var first = Entry(names[0]);
        if (!LieTogether(names) || Mapping(first.Dtype) is not { } mapping) return null;
        return mapping.View(first.Offset, [.. first.Shape.Take(1).Select(_ => names.Sum(n => Entry(n).Shape[0])), .. first.Shape.Skip(1)], first.Name);
    }

    /// <summary>Whether <see cref="Map"/> gives these tensors as one, as far as the file is concerned.</summary>
    internal bool LieTogether(params IReadOnlyList<string> names)
    {
        var entries = names.Select(Entry).ToList();
        return FileMapping.IsAligned(entries[0].Offset, entries[0].Dtype)
            && entries.Zip(entries.Skip(1)).All(pair => pair.First.Offset + pair.First.Length == pair.Second.Offset && pair.First.Dtype == pair.Second.Dtype);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var mapping in _mappings.Values) mapping?.Dispose();
        _handle.Dispose();
    }

    private FileMapping? Mapping(ScalarType dtype)
    {
        lock (_mappings)
            return _mappings.TryGetValue(dtype, out var known) ? known : _mappings[dtype] = FileMapping.Open(Path, _handle, dtype);
    }

    private TensorEntry Entry(string name) =>
        Tensors.TryGetValue(name, out var entry) ? entry : throw CheckpointException.NoTensor(Path, name, Names);

    /// <summary>Several threads read, because copying from the system's cache, and touching new memory for the first time, is work.</summary>
    private void Fill(Tensor tensor, TensorEntry entry)
    {
        const int size = 8 << 20; // bytes
        var start = Native.Start(tensor);
        void Piece(long i) => ReadExactly(Native.Span<byte>(start, i * size, (int)Math.Min(size, entry.Length - i * size)), entry.Offset + i * size, entry.Name);
        try { Parallel.For(0, (entry.Length + size - 1) / size, Piece); }
        catch (AggregateException e) { throw e.InnerException!; }
        GC.KeepAlive(tensor);
    }

    private void Convert(Tensor tensor, TensorEntry entry)
    {
        const long size = 1 << 22; // elements
        using var scope = NewDisposeScope();
        var (count, flat) = (tensor.numel(), tensor.view(-1));
        var buffer = empty([Math.Min(size, count)], entry.Dtype);
        for (long at = 0; at < count; at += size)
        {
            using var piece = flat.narrow(0, at, Math.Min(size, count - at));
            using var staged = buffer.narrow(0, 0, piece.numel());
            ReadExactly(staged.bytes, entry.Offset + at * (entry.Length / count), entry.Name);
            piece.copy_(staged);
        }
    }

    private void ReadExactly(Span<byte> destination, long offset, string name)
    {
        while (destination.Length > 0)
        {
            var read = RandomAccess.Read(_handle, destination, offset);
            if (read == 0) throw new CheckpointException(Path, name, $"the file ends at byte {offset}; it was cut while it was being read");
            destination = destination[read..];
            offset += read;
        }
    }

    private static SafeFileHandle OpenHandle(string path)
    {
        if (!File.Exists(path)) throw new CheckpointException(path, null, "there is no such file");
        try { return File.OpenHandle(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, null, $"cannot be opened ({e.Message})", e);
        }
    }

    private static SafetensorsHeader ReadHeader(string path, SafeFileHandle handle)
    {
        var fileLength = RandomAccess.GetLength(handle);
        Span<byte> prefix = stackalloc byte[8];
        if (fileLength < prefix.Length || RandomAccess.Read(handle, prefix, 0) < prefix.Length)
            throw new CheckpointException(path, null, $"{fileLength} bytes are too few for a safetensors file");

        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var limit = Math.Min(SafetensorsHeader.MaxLength, fileLength - prefix.Length);
        if (headerLength > (ulong)limit)
            throw new CheckpointException(path, null,
                $"the header claims {headerLength} bytes, but at most {limit} are possible in this file; it is truncated or no safetensors file");

        var json = new byte[headerLength];
        if (RandomAccess.Read(handle, json, prefix.Length) < json.Length)
            throw new CheckpointException(path, null, "the header is truncated");
        return SafetensorsHeader.Parse(json, path, prefix.Length + json.Length, fileLength);
    }
}
