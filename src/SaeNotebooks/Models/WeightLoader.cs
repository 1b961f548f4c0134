using SaeNotebooks.Checkpoints;
using SaeNotebooks.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>Hands out a checkpoint's weights to the parts of a model, each checked against the shape that the configuration
/// implies.</summary>
/// <param name="checkpoint">the files</param>
/// <param name="dtype">what weights are converted to, gains and biases of norms excepted</param>
/// <param name="device">where they go</param>
/// <param name="lastLayer">the last block that is wanted; null for the whole model</param>
/// <param name="progress">told how many MiB are in memory, and asked whether to go on; null for a loader that only plans</param>
/// <remarks>The tensors belong to the loader's <see cref="Loaded"/> list until the model takes it over. On the device <c>meta</c> they have
/// shapes and no memory, nothing is read, and <see cref="Bytes"/> says what a model takes.</remarks>
internal sealed class WeightLoader(ModelCheckpoint checkpoint, ScalarType dtype, Device device, int? lastLayer = null, Progress? progress = null) : IDisposable
{
    private readonly HashSet<string> _used = [];
    private readonly WeightMemory _memory = new(dtype, device);

    public List<Tensor> Loaded { get; } = [];

    /// <summary>By block, how many of the tensors belong to it and to what comes before it.</summary>
    public List<int> LoadedAfter { get; } = [];

    /// <summary>Those that hold further rows of the weight which the tensor before them begins.</summary>
    public HashSet<Tensor> Continuing { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>What the weights handed out so far take in memory; views of others take nothing.</summary>
    public long Bytes { get; private set; }

    /// <summary>One weight, converted to the model's dtype and device.</summary>
    public Tensor Take(string name, params long[] shape) => Stack([(name, shape)]);

    /// <summary>Several weights with equal trailing dimensions in one tensor, one below the other: in the file itself where they lie together in
    /// it and need no conversion, else read in place.</summary>
    public Tensor Stack(params IReadOnlyList<(string Name, long[] Shape)> parts)
    {
        foreach (var (name, shape) in parts) Require(name, shape);
        if (Mapped([.. parts.Select(p => p.Name)]) is { } mapped) return mapped;
        var weight = Allocate(dtype, [parts.Sum(p => p.Shape[0]), .. parts[0].Shape[1..]]);
        long row = 0;
        foreach (var (name, shape) in parts)
        {
            using var rows = weight.narrow(0, row, shape[0]);
            Read(name, rows);
            row += shape[0];
        }
        return weight;
    }

    /// <summary>A linear map without bias, or with the biases that go with the weights' names.</summary>
    /// <param name="bias">whether every one of them has a bias</param>
    /// <param name="dIn">columns of each weight</param>
    /// <param name="outputs">module names and rows, stacked in this order</param>
    public Linear Linear(bool bias, long dIn, params IReadOnlyList<(string Name, long DOut)> outputs) => new(
        Stack([.. outputs.Select(o => (o.Name + ".weight", new[] { o.DOut, dIn }))]),
        bias ? Stack([.. outputs.Select(o => (o.Name + ".bias", new[] { o.DOut }))]) : null);

    /// <summary>Linear maps of the same input: one, unless each could stay in the file and all of them together could not.</summary>
    /// <inheritdoc cref="Linear"/>
    public StackedLinear StackedLinear(bool bias, long dIn, params IReadOnlyList<(string Name, long DOut)> outputs)
    {
        var names = outputs.Select(o => o.Name + ".weight").ToList();
        if (!names.All(n => CanMap([n])) || CanMap(names)) return Linear(bias, dIn, outputs);
        var weights = Apart([.. outputs.Select(o => Take(o.Name + ".weight", o.DOut, dIn))]);
        var biases = bias ? Apart([.. outputs.Select(o => Take(o.Name + ".bias", o.DOut))]) : null;
        return new([.. weights.Select((weight, i) => new Linear(weight, biases?[i]))]);
    }

    private Tensor[] Apart(Tensor[] parts)
    {
        Continuing.UnionWith(parts.Skip(1));
        return parts;
    }

    /// <summary>A linear map with bias whose weight is stored as [d_in, d_out], as GPT-2 has them. The stored form passes through a
    /// buffer.</summary>
    public Linear TransposedLinear(string name, long dIn, long dOut)
    {
        var weight = Rearranged($"{name}.weight", [dIn, dOut], [dOut, dIn], (stored, weight) => weight.copy_(stored.t()));
        return new Linear(weight, Take($"{name}.bias", dOut));
    }

    /// <summary>A linear map with or without bias whose rows are stored head by head, each with its query, key and value, as GPT-NeoX
    /// has them; in memory all queries come first, then keys, then values. The stored form passes through a buffer.</summary>
    public Linear InterleavedHeads(string name, bool bias, AttentionShape shape, long dIn) => new(
        Interleaved($"{name}.weight", shape, dIn), bias ? Interleaved($"{name}.bias", shape) : null);

    /// <summary>The gain or bias of a norm, in float32 whatever the model's dtype.</summary>
    /// <param name="name">the tensor's name</param>
    /// <param name="size">its length</param>
    /// <param name="plus">added to what is stored: 1 where the stored weight is the gain's distance from one (Gemma)</param>
    public Tensor WideNormWeight(string name, long size, double plus = 0)
    {
        Require(name, [size]);
        var weight = Allocate(ScalarType.Float32, [size]);
        Read(name, weight);
        using var offset = tensor((float)plus);
        return device.type == DeviceType.META ? weight : weight.add_(offset, Scalars.One);
    }

    /// <summary>The blocks up to the last one wanted; tensors of the others are passed over.</summary>
    /// <param name="path">what a block's tensors begin with, less its number: <c>model.layers.</c></param>
    /// <param name="count">blocks of the whole model</param>
    /// <param name="build">makes a block of its weights</param>
    public IReadOnlyList<Block> Blocks(string path, int count, Func<int, Block> build)
    {
        if (lastLayer < 0 || lastLayer >= count)
            throw new ArgumentOutOfRangeException(nameof(lastLayer), lastLayer, $"The model has {count} layers, 0 to {count - 1}.");
        var wanted = (lastLayer ?? count - 1) + 1;
        for (var layer = wanted; layer < count; layer++)
        {
            var prefix = $"{path}{layer}.";
            Ignore(name => name.StartsWith(prefix, StringComparison.Ordinal));
        }
        return [.. Enumerable.Range(0, wanted).Select(layer =>
        {
            var block = build(layer);
            LoadedAfter.Add(Loaded.Count);
            return block;
        })];
    }

    /// <summary>The head, if every layer is wanted; else its tensors are passed over.</summary>
    /// <param name="build">makes it of its weights</param>
    /// <param name="modules">what its tensors' names begin with</param>
    public Head? Head(Func<Head> build, params string[] modules)
    {
        if (lastLayer is null) return build();
        Ignore(name => modules.Any(m => name.StartsWith(m + ".", StringComparison.Ordinal)));
        return null;
    }

    /// <summary>The first of several prefixes under which the checkpoint has a tensor.</summary>
    public string Prefix(string name, params string[] prefixes) =>
        prefixes.FirstOrDefault(prefix => checkpoint.Find(prefix + name) is not null)
            ?? throw new CheckpointException(checkpoint.Path, prefixes[0] + name, "the tensor is missing" + (prefixes.Length == 1 ? ""
                : $"; it may also be called {string.Join(" or ", prefixes.Skip(1).Select(p => p + name))}"));

    /// <summary>Tensors that checkpoints of the family may hold although the model does not need them.</summary>
    public void Ignore(Func<string, bool> redundant) => _used.UnionWith(checkpoint.Names.Where(redundant));

    /// <exception cref="CheckpointException">the checkpoint holds tensors that no part of the model asked for</exception>
    public void RequireAllUsed()
    {
        var extra = checkpoint.Names.Where(n => !_used.Contains(n)).Order(StringComparer.Ordinal).ToList();
        if (extra.Count > 0)
            throw new CheckpointException(checkpoint.Path, extra[0], $"no part of the model that config.json describes uses this tensor" +
                (extra.Count > 1 ? $", nor {extra.Count - 1} others ({string.Join(", ", extra.Skip(1).Take(4))}{(extra.Count > 5 ? ", …" : "")})" : ""));
    }

    /// <summary>Ends loading; the tensors that were handed out stay.</summary>
    public void Dispose() => _memory.Dispose();

    private Tensor Interleaved(string name, AttentionShape shape, params long[] trailing)
    {
        long[] size = [shape.NHeads * 3 * shape.DHead, .. trailing];
        return Rearranged(name, size, size, (stored, weight) => weight.view([3, shape.NHeads, shape.DHead, .. trailing])
            .copy_(stored.view([shape.NHeads, 3, shape.DHead, .. trailing]).transpose(0, 1)));
    }

    /// <summary>A weight whose numbers are in another order in memory than in the file.</summary>
    private Tensor Rearranged(string name, long[] stored, long[] shape, Action<Tensor, Tensor> arrange)
    {
        Require(name, stored);
        var weight = Allocate(dtype, shape);
        using var scope = NewDisposeScope();
        var buffer = empty(stored, dtype, device);
        Read(name, buffer);
        arrange(buffer, weight);
        return weight;
    }

    private bool CanMap(IReadOnlyList<string> names) => device.type == DeviceType.CPU
        && names.All(n => checkpoint.Find(n)?.Dtype == dtype) && checkpoint.LieTogether(names);

    private Tensor? Mapped(IReadOnlyList<string> names)
    {
        if (!CanMap(names)) return null;
        progress?.Cancellation.ThrowIfCancellationRequested();
        var weight = checkpoint.Map(names);
        if (weight is not null) Own(weight);
        progress?.Report(Bytes >> 20);
        return weight;
    }

    private Tensor Allocate(ScalarType type, long[] shape)
    {
        var weight = _memory.Take(type, shape);
        Own(weight);
        return weight;
    }

    private void Own(Tensor weight)
    {
        Loaded.Add(weight);
        Bytes += weight.numel() * weight.element_size();
    }

    private void Read(string name, Tensor destination)
    {
        if (device.type == DeviceType.META) return;
        progress?.Cancellation.ThrowIfCancellationRequested();
        checkpoint.ReadInto(name, destination);
        progress?.Report(Bytes >> 20);
    }

    private void Require(string name, long[] shape)
    {
        var entry = checkpoint.Find(name)
            ?? throw new CheckpointException(checkpoint.Path, name,
                $"the tensor is missing; config.json implies {TensorEntry.Text(shape)}");
        if (!entry.Shape.SequenceEqual(shape))
            throw new CheckpointException(checkpoint.Path, name,
                $"the shape is {entry.ShapeText}, but config.json implies {TensorEntry.Text(shape)}");
        _used.Add(name);
    }
}
