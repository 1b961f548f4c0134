using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;

namespace SaeNotebooks.Features.Writing;

/// <summary>A new file of numbers that is written in any order, zeros at first. Its room is taken on the disk beforehand, so that a full disk is an error here
/// and not a crash later.</summary>
internal sealed unsafe class ScatterArray<T> : IDisposable where T : unmanaged
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly T* _start;
    private readonly long _length;

    public ScatterArray(string path, long length)
    {
        _length = length;
        var bytes = length * Unsafe.SizeOf<T>();
        using (var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = bytes })) file.SetLength(bytes);
        if (length == 0) return;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        _view = _file.CreateViewAccessor(0, bytes);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = (T*)start;
    }

    public ref T this[long index]
    {
        get
        {
            if ((ulong)index >= (ulong)_length) throw new ArgumentOutOfRangeException(nameof(index), index, $"The file has {_length} entries.");
            return ref _start[index];
        }
    }

    public void Dispose()
    {
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _file?.Dispose();
    }
}
