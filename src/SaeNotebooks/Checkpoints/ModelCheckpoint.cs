using static TorchSharp.torch;

namespace SaeNotebooks.Checkpoints;

/// <summary>The weights of a HuggingFace checkpoint folder: one <c>model.safetensors</c>, or several shards named by an index.</summary>
public sealed class ModelCheckpoint : IDisposable
{
    private const string SingleName = "model.safetensors", IndexName = "model.safetensors.index.json";
    private readonly IReadOnlyList<SafetensorsFile> _files;
    private readonly Dictionary<string, SafetensorsFile> _fileOf;

    private ModelCheckpoint(string path, IReadOnlyList<SafetensorsFile> files, Dictionary<string, SafetensorsFile> fileOf) =>
        (Path, _files, _fileOf) = (path, files, fileOf);

    /// <summary>The file that lists the tensors: the single file or the index.</summary>
    public string Path { get; }

    /// <summary>The names of all tensors.</summary>
    public IReadOnlyCollection<string> Names => _fileOf.Keys;

    /// <summary>Opens a checkpoint folder and validates every header.</summary>
    /// <exception cref="CheckpointException">no weights in the folder, or a damaged index or file</exception>
    public static ModelCheckpoint Open(string folder)
    {
        var single = System.IO.Path.Combine(folder, SingleName);
        var index = System.IO.Path.Combine(folder, IndexName);
        if (!File.Exists(single) && File.Exists(index)) return OpenShards(folder, index);
        if (!File.Exists(single))
            throw new CheckpointException(folder, null, $"neither {SingleName} nor {IndexName} is in this folder");
        var file = SafetensorsFile.Open(single);
        return new ModelCheckpoint(single, [file], file.Tensors.Keys.ToDictionary(name => name, _ => file));
    }

    /// <summary>The entry of one tensor, or null if the checkpoint has none of that name.</summary>
    public TensorEntry? Find(string name) => _fileOf.TryGetValue(name, out var file) ? file.Tensors[name] : null;

    /// <summary>Reads one tensor into existing memory, converting its type if it differs.</summary>
    /// <param name="name">the tensor's name</param>
    /// <param name="destination">a tensor of the same shape</param>
    public void ReadInto(string name, Tensor destination)
    {
        if (!_fileOf.TryGetValue(name, out var file)) throw new CheckpointException(Path, name, "the checkpoint has no such tensor");
        file.ReadInto(name, destination);
    }

    /// <summary>Tensors that lie one behind the other in one file as one tensor in the file itself; see <see cref="SafetensorsFile.Map"/>.</summary>
    /// <param name="names">tensors of the checkpoint, with equal trailing dimensions</param>
    /// <returns>one below the other; null where that cannot be. The caller owns it</returns>
    internal Tensor? Map(IReadOnlyList<string> names) => LieTogether(names) ? _fileOf[names[0]].Map(names) : null;

    /// <summary>Whether tensors lie one behind the other in one file, so that they can be had as one.</summary>
    internal bool LieTogether(IReadOnlyList<string> names) => names.All(n => _fileOf[n] == _fileOf[names[0]]) && _fileOf[names[0]].LieTogether(names);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    private static ModelCheckpoint OpenShards(string folder, string path)
    {
        var index = ShardIndex.Load(path);
        var files = new Dictionary<string, SafetensorsFile>();
        try
        {
            foreach (var name in index.Files) files[name] = OpenShard(folder, path, name);
            index.RequireSameTensors(files.ToDictionary(f => f.Key, f => f.Value.Tensors.Keys));
            return new ModelCheckpoint(path, [.. files.Values], index.FileOf.ToDictionary(m => m.Key, m => files[m.Value]));
        }
        catch
        {
            foreach (var file in files.Values) file.Dispose();
            throw;
        }
    }

    private static SafetensorsFile OpenShard(string folder, string index, string name)
    {
        var path = System.IO.Path.Combine(folder, name);
        return File.Exists(path) ? SafetensorsFile.Open(path)
            : throw new CheckpointException(index, null, $"the shard '{name}' that it names is not in the folder; download the missing file");
    }
}
