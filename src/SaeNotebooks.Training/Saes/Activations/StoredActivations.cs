using System.Globalization;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Activations;

/// <summary>Activations that were computed before: a folder of safetensors files, one per block, with a tensor [tokens, d] per hook by its name.
/// After the last file the first comes again.</summary>
public sealed class StoredActivations : IActivationSource
{
    private readonly string[] _files;

    /// <param name="folder">holds the files, which are taken in the order of their names</param>
    /// <param name="hooks">which of the tensors; by default all</param>
    /// <exception cref="CheckpointException">no file, or one that lacks a hook or whose tensors differ in the number of tokens</exception>
    public StoredActivations(string folder, IReadOnlyList<HookName>? hooks = null)
    {
        _files = Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.safetensors").Order(StringComparer.Ordinal)] : [];
        if (_files.Length == 0) throw new CheckpointException(folder, null, "has no safetensors files with activations; write them with StoredActivations.Write");
        using var first = SafetensorsFile.Open(_files[0]);
        Hooks = hooks ?? [.. first.Tensors.Keys.Select(HookName.Parse).Order()];
        foreach (var path in _files) Check(path);
        Identity = $"{Path.GetFullPath(folder)}: {string.Join(", ", _files.Select(f => $"{Path.GetFileName(f)} of {new FileInfo(f).Length} bytes"))}; {string.Join(", ", Hooks)}";
    }

    /// <inheritdoc/>
    public IReadOnlyList<HookName> Hooks { get; }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public ActivationBlock Block(long number)
    {
        using var file = SafetensorsFile.Open(_files[number % _files.Length]);
        return new(Hooks, [.. Hooks.Select(h => file.Read(h.ToString(), float32))]);
    }

    /// <summary>Computes blocks once and writes them, each file complete or not at all; files that are there already are kept.</summary>
    /// <param name="source">where they come from</param>
    /// <param name="folder">where they go; made if it does not exist</param>
    /// <param name="blocks">how many</param>
    /// <param name="dtype">of the numbers in the file; bfloat16 halves the space</param>
    /// <param name="cancellation">stops between two blocks</param>
    public static void Write(IActivationSource source, string folder, int blocks, ScalarType dtype = ScalarType.Float32, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(folder);
        using var progress = Progress.Start("Storing activations", blocks, blocks == 1 ? "block" : "blocks", cancellation: cancellation);
        for (var number = 0; number < blocks; number++)
        {
            progress.Cancellation.ThrowIfCancellationRequested();
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"block-{number:D6}.safetensors"));
            if (!File.Exists(path))
            {
                using var block = source.Block(number);
                SafetensorsWriter.Write(path, source.Hooks.ToDictionary(h => h.ToString(), h => block[h]), dtype);
            }
            progress.Report(number + 1);
        }
    }

    private void Check(string path)
    {
        using var file = SafetensorsFile.Open(path);
        long? tokens = null;
        foreach (var hook in Hooks)
        {
            if (!file.Tensors.TryGetValue(hook.ToString(), out var entry) || entry.Shape.Count != 2)
                throw new CheckpointException(path, hook.ToString(), $"a tensor [tokens, d] is expected; the file has {string.Join(", ", file.Tensors.Values.Select(t => $"{t.Name} {t.ShapeText}"))}");
            if (tokens is { } t && t != entry.Shape[0]) throw new CheckpointException(path, hook.ToString(), $"has {entry.Shape[0]} tokens; another hook in this file has {t}");
            tokens = entry.Shape[0];
        }
    }
}
