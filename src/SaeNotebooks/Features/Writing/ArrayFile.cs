using System.Runtime.InteropServices;

namespace SaeNotebooks.Features.Writing;

/// <summary>Writes a file of numbers, little-endian and without a header, from its beginning to its end.</summary>
internal sealed class ArrayFile<T>(string path) : IDisposable where T : unmanaged
{
    private readonly FileStream _file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);

    public void Write(ReadOnlySpan<T> values) => _file.Write(MemoryMarshal.AsBytes(values));

    public void Write(T value) => Write(new ReadOnlySpan<T>(in value));

    public void Dispose() => _file.Dispose();

    public static void WriteAll(string path, ReadOnlySpan<T> values)
    {
        using var file = new ArrayFile<T>(path);
        file.Write(values);
    }
}
