using static TorchSharp.torch;

namespace SaeNotebooks.Checkpoints;

/// <summary>A file of named tensors of any format: what there is can be asked without reading it.</summary>
public interface ITensorFile : IDisposable
{
    /// <summary>The file, for messages.</summary>
    string Path { get; }

    /// <summary>The names of all tensors.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>The shape of a tensor, or null if there is none of that name.</summary>
    IReadOnlyList<long>? ShapeOf(string name);

    /// <summary>Reads one tensor to the CPU; the caller owns it.</summary>
    /// <param name="name">its name</param>
    /// <param name="dtype">converts to this type; by default the file's own</param>
    /// <exception cref="CheckpointException">no such tensor, or damaged data</exception>
    Tensor Read(string name, ScalarType? dtype = null);
}
