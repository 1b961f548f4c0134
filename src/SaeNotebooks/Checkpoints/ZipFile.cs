using System.IO.Compression;

namespace SaeNotebooks.Checkpoints;

/// <summary>A ZIP archive that holds numbers (npz, torch), read with its promises checked: stored or deflated, ZIP64 or not.</summary>
internal sealed class ZipFile : IDisposable
{
    /// <summary>Deflate reaches 1:1032 on zeros; trained weights shrink by a few percent. Small entries may well be all zeros.</summary>
    private const long LargestRatio = 200, AlwaysAllowed = 1 << 24;

    private readonly string _path;
    private readonly ZipArchive _archive;

    private ZipFile(string path, ZipArchive archive) => (_path, _archive) = (path, archive);

    /// <exception cref="CheckpointException">no such file, or no whole archive</exception>
    public static ZipFile Open(string path)
    {
        if (!File.Exists(path)) throw new CheckpointException(path, null, "there is no such file");
        FileStream? stream = null;
        try
        {
            stream = File.OpenRead(path);
            return new(path, new ZipArchive(stream, ZipArchiveMode.Read));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            stream?.Dispose();
            throw new CheckpointException(path, null, $"cannot be opened as a ZIP archive; it is truncated or no archive ({e.Message})", e);
        }
    }

    /// <summary>The names of all entries.</summary>
    public IEnumerable<string> Names => _archive.Entries.Select(e => e.FullName);

    /// <summary>Uncompressed size of an entry as the archive declares it, or null if there is no such entry.</summary>
    public long? LengthOf(string name) => _archive.GetEntry(name)?.Length;

    /// <summary>Reads an entry and makes sure that it is as long as the archive says.</summary>
    /// <param name="name">the entry</param>
    /// <param name="read">reads all of it</param>
    /// <exception cref="CheckpointException">no such entry, a compression ratio that no weights have, or another length than declared</exception>
    public T Read<T>(string name, Func<Stream, T> read)
    {
        var entry = _archive.GetEntry(name) ?? throw new CheckpointException(_path, name, "is not in the archive");
        if (entry.Length > AlwaysAllowed && entry.Length / LargestRatio > entry.CompressedLength)
            throw new CheckpointException(_path, name,
                $"grows from {entry.CompressedLength} to {entry.Length} bytes, as no weights do; this looks like a zip bomb and is not unpacked");
        try
        {
            using var stream = entry.Open();
            var result = read(stream);
            if (stream.ReadByte() < 0) return result;
            (result as IDisposable)?.Dispose();
            throw new CheckpointException(_path, name, $"goes on after the {entry.Length} bytes that the archive declares");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new CheckpointException(_path, name, $"is damaged or shorter than its {entry.Length} bytes ({e.Message})", e);
        }
    }

    /// <summary>Reads the beginning of an entry.</summary>
    public T Peek<T>(string name, Func<Stream, T> read)
    {
        using var stream = _archive.GetEntry(name)!.Open();
        return read(stream);
    }

    /// <summary>All bytes of a small entry.</summary>
    public byte[] Bytes(string name, int atMost) => Read(name, stream =>
    {
        if (LengthOf(name) > atMost) throw new CheckpointException(_path, name, $"has {LengthOf(name)} bytes; at most {atMost} are expected");
        var bytes = new byte[LengthOf(name)!.Value];
        stream.ReadExactly(bytes);
        return bytes;
    });

    public void Dispose() => _archive.Dispose();
}
