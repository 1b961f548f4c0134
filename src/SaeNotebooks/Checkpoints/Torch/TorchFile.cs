using static TorchSharp.torch;

namespace SaeNotebooks.Checkpoints.Torch;

/// <summary>
/// A file of PyTorch (<c>torch.save</c>) that holds a dictionary of tensors, or one dictionary inside it. Nothing in it is ever executed:
/// see <see cref="PickleGlobals"/>.
/// </summary>
public sealed class TorchFile : ITensorFile
{
    private readonly IStorages _storages;
    private readonly Dictionary<object, object?> _items;

    private TorchFile(string path, IStorages storages, Dictionary<object, object?> items) => (Path, _storages, _items) = (path, storages, items);

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IEnumerable<string> Names => _items.Where(i => i.Value is PickledTensor).Select(i => i.Key).OfType<string>();

    /// <summary>The other keys: numbers, strings and dictionaries.</summary>
    public IEnumerable<string> Others => _items.Where(i => i.Value is not PickledTensor).Select(i => i.Key).OfType<string>();

    /// <summary>Opens a file of either of PyTorch's layouts and reads its pickle; tensors are read on demand.</summary>
    /// <exception cref="CheckpointException">not such a file, a forbidden global, or damage</exception>
    public static TorchFile Open(string path)
    {
        IStorages? storages = null;
        try
        {
            (var root, storages) = IsZip(path) ? ZipStorages.Open(path) : LegacyStorages.Open(path);
            return new(path, storages, root as Dictionary<object, object?> ?? throw new PickleException("it holds no dictionary of tensors"));
        }
        catch (Exception e) when (e is PickleException or IOException or UnauthorizedAccessException)
        {
            storages?.Dispose();
            throw new CheckpointException(path, null, $"cannot be read as a file of PyTorch: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<long>? ShapeOf(string name) => (_items.GetValueOrDefault(name) as PickledTensor)?.Shape;

    /// <inheritdoc/>
    public Tensor Read(string name, ScalarType? dtype = null)
    {
        var tensor = _items.GetValueOrDefault(name) as PickledTensor ?? throw CheckpointException.NoTensor(Path, name, Names);
        using var scope = NewDisposeScope();
        var storage = empty(tensor.Storage.Count, tensor.Storage.Dtype);
        try { _storages.Read(tensor.Storage, stream => TensorStream.Fill(storage, stream)); }
        catch (EndOfStreamException e) { throw new CheckpointException(Path, name, "the file ends before its last number; it is truncated", e); }
        var view = storage.as_strided(tensor.Shape, tensor.Stride, tensor.Offset);
        return view.contiguous().to(dtype ?? tensor.Storage.Dtype).MoveToOuterDisposeScope();
    }

    /// <summary>A string, or null if there is none under that key.</summary>
    public string? Text(string key) => _items.GetValueOrDefault(key) as string;

    /// <summary>An integer, or null if there is none under that key.</summary>
    public long? Integer(string key) => _items.GetValueOrDefault(key) as long?;

    /// <summary>A dictionary under a key, which shares this file; null if there is none.</summary>
    public TorchFile? Within(string key) => _items.GetValueOrDefault(key) is Dictionary<object, object?> inner ? new(Path, _storages, inner) : null;

    /// <inheritdoc/>
    public void Dispose() => _storages.Dispose();

    private static bool IsZip(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        return stream.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && start.SequenceEqual("PK\u0003\u0004"u8);
    }
}
