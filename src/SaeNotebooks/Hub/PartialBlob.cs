namespace SaeNotebooks.Hub;

/// <summary>A blob on its way: the file <c>DIGEST.incomplete</c>, which a later attempt takes up, here or in Python. Whoever opens it
/// holds the blob's lock.</summary>
internal sealed class PartialBlob : IDisposable
{
    private const int Piece = 1 << 20;

    private readonly HubFile _file;
    private readonly HubName _name;
    private readonly FileStream _stream;
    private ContentDigest _digest;

    private PartialBlob(HubFile file, HubName name, FileStream stream)
    {
        (_file, _name, _stream) = (file, name, stream);
        _digest = new(file.Digest, file.Size);
    }

    /// <summary>Bytes that are here.</summary>
    public long Length { get; private set; }

    /// <summary>How often it had to begin anew.</summary>
    public int Restarts { get; private set; }

    /// <summary>Opens the file and reads what an earlier attempt left, for the checksum.</summary>
    /// <exception cref="HubException">the file cannot be opened</exception>
    public static async Task<PartialBlob> Open(string path, HubFile file, HubName name, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = new PartialBlob(file, name, new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0));
        try { await partial.ReadEarlier(cancellation); }
        catch
        {
            partial.Dispose();
            throw;
        }
        return partial;
    }

    /// <summary>Adds what arrived.</summary>
    /// <exception cref="HubException">the disk is full; the partial file is gone then, so that the disk is not left full</exception>
    public async Task Append(ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        try { await _stream.WriteAsync(content, cancellation); }
        catch (IOException e)
        {
            Delete();
            throw new HubException(HubProblem.Disk, $"'{_file.Path}' of {_name} ({_file.Size:N0} bytes) could not be written to " +
                $"{Path.GetDirectoryName(_stream.Name)}: {e.Message.TrimEnd('.')}; make room, or set HF_HOME to a folder on another disk.", e);
        }
        _digest.Append(content.Span);
        Length += content.Length;
    }

    /// <summary>Forgets what is here.</summary>
    public void Restart()
    {
        Restarts++;
        _stream.SetLength(0);
        _stream.Position = 0;
        _digest.Dispose();
        _digest = new(_file.Digest, _file.Size);
        Length = 0;
    }

    /// <summary>The digest of the whole, once it is here.</summary>
    public string Digest() => _digest.Hex();

    /// <summary>Makes it the blob.</summary>
    public void Publish(string blob)
    {
        _stream.Flush(flushToDisk: true); // a name without its content must not survive a power cut
        _stream.Dispose();
        File.Move(_stream.Name, blob, overwrite: true);
    }

    /// <summary>Leaves nothing behind.</summary>
    public void Delete()
    {
        _stream.Dispose();
        File.Delete(_stream.Name);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _digest.Dispose();
    }

    private async Task ReadEarlier(CancellationToken cancellation)
    {
        if (_stream.Length > _file.Size) _stream.SetLength(0);
        var piece = new byte[Math.Min(Piece, _stream.Length)];
        while (Length < _stream.Length)
        {
            var read = await _stream.ReadAsync(piece, cancellation);
            if (read == 0) break;
            _digest.Append(piece.AsSpan(0, read));
            Length += read;
        }
    }
}
