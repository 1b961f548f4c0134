using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Checkpoints;

/// <summary>
/// A file as memory: tensors that lie in it are pages of the system's cache of the file, so that nothing is copied and no memory has to be
/// fetched and cleared for them. The mapping is private: whoever writes to such a tensor gets a copy of the page, and the file stays as it is.
/// </summary>
/// <remarks>The mapping lives as long as the last of its tensors; the file may be deleted or replaced by renaming meanwhile. A file that is cut
/// in place while it is in use ends the process, as it does for everybody who maps files, which is why writers rename. On Linux only: on
/// Windows a mapped file could be neither deleted nor replaced.</remarks>
internal sealed partial class FileMapping : IDisposable
{
    /// <summary>Bytes that one thread brings into memory at once.</summary>
    private const long Piece = 2 << 20;

    /// <summary>What Linux's mman.h calls MADV_POPULATE_READ, and errno.h EINVAL, which kernels before 5.14 answer to it.</summary>
    private const int PopulateRead = 22, InvalidArgument = 22;

    private readonly string _path;
    private readonly Tensor _numbers; // [count], the file from its first byte on

    private FileMapping(string path, Tensor numbers) => (_path, _numbers) = (path, numbers);

    /// <param name="path">for messages</param>
    /// <param name="handle">the file</param>
    /// <param name="dtype">of the tensors that will be asked for</param>
    /// <returns>null where the system or the file's place do not allow it</returns>
    public static FileMapping? Open(string path, SafeFileHandle handle, ScalarType dtype)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var open = $"/proc/self/fd/{handle.DangerousGetHandle()}"; // the file whose header was checked, whatever has its name since
        var count = RandomAccess.GetLength(handle) / SafetensorsDtypes.Of(dtype).Size;
        try { return new(path, from_file(open, shared: false, count, dtype).DetachFromDisposeScope()); }
        catch (ExternalException) { return null; }
    }

    /// <summary>Whether numbers of a type may begin at a byte of the file.</summary>
    public static bool IsAligned(long offset, ScalarType dtype) => offset % SafetensorsDtypes.Of(dtype).Size == 0;

    /// <summary>A tensor that lies in the file; the caller owns it. Its pages are brought into memory first, by several threads.</summary>
    /// <param name="offset">its first byte, aligned to its type</param>
    /// <param name="shape">its dimensions</param>
    /// <param name="name">for messages</param>
    /// <exception cref="CheckpointException">the file has been cut since it was opened</exception>
    public Tensor View(long offset, long[] shape, string name)
    {
        using var scope = NewDisposeScope();
        var size = SafetensorsDtypes.Of(_numbers.dtype).Size;
        var count = shape.Aggregate(1L, (product, dimension) => product * dimension);
        if (offset / size + count > _numbers.numel())
            throw new CheckpointException(_path, name, $"the file ends at byte {_numbers.numel() * size}; it was cut after it was opened");
        var numbers = _numbers.narrow(0, offset / size, count);
        if (count > 0) Populate(Native.Start(numbers), count * size, name);
        return numbers.view(shape).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _numbers.Dispose();

    private void Populate(nint start, long length, string name)
    {
        var first = start / Environment.SystemPageSize * Environment.SystemPageSize;
        var bytes = start + length - first;
        try { Parallel.For(0, (bytes + Piece - 1) / Piece, i => Bring(first + (nint)(i * Piece), (nint)Math.Min(Piece, bytes - i * Piece), name)); }
        catch (AggregateException e) { throw e.InnerException!; }
    }

    private void Bring(nint start, nint length, string name)
    {
        if (Advise(start, length, PopulateRead) == 0 || Marshal.GetLastPInvokeError() == InvalidArgument) return;
        throw new CheckpointException(_path, name, $"cannot be read ({Marshal.GetLastPInvokeErrorMessage()}); it was cut while it was being read, or the disk fails");
    }

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(nint address, nint length, int advice);
}
