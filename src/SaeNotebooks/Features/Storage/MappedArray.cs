using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;

namespace SaeNotebooks.Features.Storage;

/// <summary>A file of numbers, little-endian and without a header, read through the page cache.</summary>
/// <remarks>Not to be disposed while somebody reads: spans point into the mapping.</remarks>
internal sealed unsafe class MappedArray<T> : IDisposable where T : unmanaged
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly T* _start;

    private MappedArray(MemoryMappedFile? file, long length)
    {
        (_file, Length) = (file, length);
        _view = file?.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view?.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = (T*)start;
    }

    public long Length { get; }

    public T this[long index] => (ulong)index < (ulong)Length ? _start[index] : throw new ArgumentOutOfRangeException(nameof(index), index, $"The file has {Length} entries.");

    /// <summary>Maps a file, which must have exactly so many entries.</summary>
    public static MappedArray<T> Open(string path, long length)
    {
        var (wanted, found) = (length * Unsafe.SizeOf<T>(), new FileInfo(path) is { Exists: true } file ? file.Length : -1);
        if (found != wanted)
            throw new FeatureIndexException($"{path} {(found < 0 ? "is missing" : $"has {found} bytes")}; the index needs {wanted}. It is incomplete: build it again.");
        return new(length == 0 ? null : MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read), length); // an empty file cannot be mapped
    }

    public ReadOnlySpan<T> Span(long from, long count)
    {
        if (from < 0 || count < 0 || from + count > Length) throw new ArgumentOutOfRangeException(nameof(from), from, $"The file has {Length} entries, not {from} to {from + count}.");
        return new(_start + from, checked((int)count));
    }

    /// <summary>Has entries read that will be wanted soon, without waiting for them; see <see cref="Storage.ReadAhead"/>.</summary>
    public void ReadAhead(long from, long count)
    {
        if (from < 0 || count < 0 || from + count > Length) throw new ArgumentOutOfRangeException(nameof(from), from, $"The file has {Length} entries, not {from} to {from + count}.");
        Storage.ReadAhead.Request((byte*)(_start + from), count * Unsafe.SizeOf<T>());
    }

    /// <summary>The same of the whole file.</summary>
    public MappedArray<T> ReadAhead()
    {
        ReadAhead(0, Length);
        return this;
    }

    public void Dispose()
    {
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _file?.Dispose();
    }
}
