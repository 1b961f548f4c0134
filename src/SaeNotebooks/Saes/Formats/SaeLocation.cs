using SaeNotebooks.Checkpoints;
using SaeNotebooks.Checkpoints.Torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>Where an SAE is asked for: a file or a folder, with what can be told without reading tensors.</summary>
internal sealed class SaeLocation : IDisposable
{
    private readonly Dictionary<string, ITensorFile> _open = [];

    private SaeLocation(string path) => Path = System.IO.Path.GetFullPath(path);

    /// <summary>The full path.</summary>
    public string Path { get; }

    public bool IsFolder => Directory.Exists(Path);

    /// <summary>The folder: itself, or that of the file.</summary>
    public string Folder => IsFolder ? Path : System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The file's name, or empty for a folder.</summary>
    public string FileName => IsFolder ? "" : System.IO.Path.GetFileName(Path);

    public static SaeLocation Open(string path) => new(path);

    /// <summary>A path in the folder.</summary>
    public string At(string name) => System.IO.Path.Combine(Folder, name);

    /// <summary>Whether a file of the folder is meant: all of them if the folder itself was named.</summary>
    public bool Has(string name) => File.Exists(At(name)) && (IsFolder || FileName == name);

    /// <summary>Whether the folder holds a file, whatever was named.</summary>
    public bool HasBeside(string name) => File.Exists(At(name));

    /// <summary>Whether a file was named whose tensors include all of these.</summary>
    public bool IsFileWith(params string[] names) => !IsFolder && HasTensors(FileName, names);

    /// <summary>Whether a file of the folder holds all of these tensors; false, too, if it is no file of tensors.</summary>
    public bool HasTensors(string file, params string[] names) =>
        Has(file) && IsTensorFile(file) && Tensors(file) is var tensors && names.All(n => tensors.ShapeOf(n) is not null);

    /// <summary>A file of tensors in the folder, opened once; this object closes it.</summary>
    /// <exception cref="CheckpointException">missing or damaged</exception>
    public ITensorFile Tensors(string file)
    {
        if (_open.TryGetValue(file, out var known)) return known;
        return _open[file] = System.IO.Path.GetExtension(file) switch
        {
            ".safetensors" => SafetensorsFile.Open(At(file)),
            ".npz" => NpzFile.Open(At(file)),
            ".pt" or ".pth" => TorchFile.Open(At(file)),
            var other => throw new CheckpointException(At(file), null, $"'{other}' is no file of tensors; known are .safetensors, .npz, .pt and .pth"),
        };
    }

    /// <summary>The named file, or the one that a folder of this format has.</summary>
    public ITensorFile TensorsOr(string usual) => Tensors(IsFolder ? usual : FileName);

    public void Dispose()
    {
        foreach (var file in _open.Values) file.Dispose();
    }

    public static bool IsTensorFile(string file) => System.IO.Path.GetExtension(file) is ".safetensors" or ".npz" or ".pt" or ".pth";
}
