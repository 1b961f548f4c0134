using System.Buffers.Binary;
using System.Numerics;

namespace SaeNotebooks.Checkpoints.Torch;

/// <summary>PyTorch's file before 1.6: pickles of a magic number, a version, the machine's sizes, the object and the keys of its storages, then
/// each storage as its element count (8 bytes) and its numbers.</summary>
internal sealed class LegacyStorages : IStorages
{
    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356");
    private const int LargestPickle = 1 << 26;
    private readonly string _path;
    private readonly Dictionary<string, (long Offset, long Count)> _places;

    private LegacyStorages(string path, Dictionary<string, (long, long)> places) => (_path, _places) = (path, places);

    public static (object? Root, IStorages Storages) Open(string path)
    {
        using var stream = File.OpenRead(path);
        var head = new byte[Math.Min(stream.Length, LargestPickle)];
        stream.ReadExactly(head);
        var pickles = new Unpickler(head);
        if (pickles.Load() is not BigInteger magic || magic != Magic) throw new PickleException("it is a pickle, but not one of PyTorch's files");
        pickles.Load(); // protocol version
        if (pickles.Load() is Dictionary<object, object?> machine && machine.GetValueOrDefault("little_endian") is false)
            throw new PickleException("it was written on a big-endian machine, which is not read");
        var root = pickles.Load();
        var keys = pickles.Load() as List<object?> ?? throw new PickleException("the list of its storages is missing");
        var sizes = Storages(root).DistinctBy(s => s.Key).ToDictionary(s => s.Key, s => SafetensorsDtypes.Of(s.Dtype).Size);
        return (root, new LegacyStorages(path, Places(stream, pickles.Position, keys, sizes)));
    }

    public void Read(PickledStorage storage, Action<Stream> read)
    {
        if (!_places.TryGetValue(storage.Key, out var place) || place.Count != storage.Count)
            throw new CheckpointException(_path, storage.Key, $"the storage of {storage.Count} numbers is not in the file");
        using var stream = File.OpenRead(_path);
        stream.Position = place.Offset;
        read(stream);
    }

    public void Dispose() { }

    private static Dictionary<string, (long, long)> Places(FileStream stream, long at, List<object?> keys, Dictionary<string, int> sizes)
    {
        var places = new Dictionary<string, (long, long)>();
        var count = new byte[8];
        foreach (var key in keys.OfType<string>())
        {
            if (!sizes.TryGetValue(key, out var size)) throw new PickleException($"its storage {key} belongs to no tensor");
            stream.Position = at;
            if (stream.ReadAtLeast(count, 8, throwOnEndOfStream: false) < 8) throw new PickleException($"it ends before storage {key}; it is truncated");
            var elements = BinaryPrimitives.ReadInt64LittleEndian(count);
            var end = at + 8 + (Int128)elements * size;
            if (elements < 0 || end > stream.Length) throw new PickleException($"its storage {key} of {elements} numbers reaches beyond the end; it is truncated");
            places[key] = (at + 8, elements);
            at = (long)end;
        }
        return places;
    }

    private static IEnumerable<PickledStorage> Storages(object? value) => value switch
    {
        PickledTensor tensor => [tensor.Storage],
        Dictionary<object, object?> dictionary => dictionary.Values.SelectMany(Storages),
        IEnumerable<object?> items => items.SelectMany(Storages),
        _ => [],
    };
}
