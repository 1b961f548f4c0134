using System.Text;

namespace SaeNotebooks.Checkpoints.Torch;

/// <summary>PyTorch's archive since 1.6: <c>NAME/data.pkl</c>, and each storage as <c>NAME/data/KEY</c>.</summary>
internal sealed class ZipStorages : IStorages
{
    private const string PickleName = "data.pkl";
    private const int LargestPickle = 1 << 26;
    private readonly ZipFile _zip;
    private readonly string _path, _prefix;

    private ZipStorages(string path, ZipFile zip, string prefix) => (_path, _zip, _prefix) = (path, zip, prefix);

    public static (object? Root, IStorages Storages) Open(string path)
    {
        var zip = ZipFile.Open(path);
        try
        {
            var pickle = zip.Names.FirstOrDefault(n => n == PickleName || n.EndsWith("/" + PickleName, StringComparison.Ordinal))
                ?? throw new CheckpointException(path, null, $"is an archive without {PickleName}, and so not one of PyTorch's");
            var prefix = pickle[..^PickleName.Length];
            if (zip.LengthOf(prefix + "byteorder") is not null && Encoding.ASCII.GetString(zip.Bytes(prefix + "byteorder", 16)) != "little")
                throw new CheckpointException(path, "byteorder", "the file was written on a big-endian machine, which is not read");
            return (new Unpickler(zip.Bytes(pickle, LargestPickle)).Load(), new ZipStorages(path, zip, prefix));
        }
        catch
        {
            zip.Dispose();
            throw;
        }
    }

    public void Read(PickledStorage storage, Action<Stream> read)
    {
        var entry = $"{_prefix}data/{storage.Key}";
        var expected = (Int128)storage.Count * SafetensorsDtypes.Of(storage.Dtype).Size;
        if (_zip.LengthOf(entry) is { } found && found != expected)
            throw new CheckpointException(_path, entry, $"holds {found} bytes; {storage.Count} numbers of type {storage.Dtype} need {expected}");
        _zip.Read(entry, stream =>
        {
            read(stream);
            return 0;
        });
    }

    public void Dispose() => _zip.Dispose();
}
