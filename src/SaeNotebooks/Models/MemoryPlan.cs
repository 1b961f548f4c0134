using SaeNotebooks.Checkpoints;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>What a model will take in memory, known before anything large is allocated. All sizes in bytes.</summary>
/// <param name="Model">the model's name or folder</param>
/// <param name="Dtype">of weights and activations</param>
/// <param name="Device">where they will be</param>
/// <param name="Weights">every weight that will be in memory, exactly</param>
public sealed record MemoryPlan(string Model, ScalarType Dtype, Device Device, long Weights)
{
    /// <summary>Plans of less are nobody's concern.</summary>
    private const long WorthSaying = 1_000_000_000;

    /// <summary>Tokens of the one prompt that the plan is made for.</summary>
    public int Tokens { get; init; }

    /// <summary>Keys and values of that many tokens.</summary>
    public long KeyValueCache { get; init; }

    /// <summary>The largest SAE that belongs to the model, as far as that is known.</summary>
    public long Sae { get; init; }

    /// <summary>The most that a pass over so many tokens holds at once, logits included; an estimate.</summary>
    public long Activations { get; init; }

    /// <summary>What the device can still give; null where that cannot be asked.</summary>
    public long? Available { get; init; }

    /// <summary>All of it.</summary>
    public long Total => Weights + KeyValueCache + Sae + Activations;

    /// <summary>Makes the plan of a checkpoint folder, reading its headers only. Tensors are checked against the configuration on the way.</summary>
    /// <param name="folder">a HuggingFace checkpoint</param>
    /// <param name="dtype">of weights and activations</param>
    /// <param name="device">by default the CPU</param>
    /// <param name="lastLayer">the last layer that is needed; by default all are</param>
    /// <exception cref="CheckpointException">unknown architecture, or a file that is damaged or contradicts the configuration</exception>
    public static MemoryPlan Of(string folder, ScalarType dtype = ScalarType.Float32, Device? device = null, int? lastLayer = null)
    {
        NativeRuntime.EnsureLoaded();
        if (!Directory.Exists(folder)) throw new CheckpointException(folder, null, "no such folder");
        var json = ConfigJson.Load(Path.Combine(folder, "config.json"));
        var family = ModelFamilies.Of(json);
        using var checkpoint = ModelCheckpoint.Open(folder);
        return Of(family, json, checkpoint, dtype, device ?? CPU, lastLayer);
    }

    internal static MemoryPlan Of(IModelFamily family, ConfigJson json, ModelCheckpoint checkpoint, ScalarType dtype, Device device, int? lastLayer)
    {
        using var scope = NewDisposeScope();
        var config = family.Read(json);
        using var loader = new WeightLoader(checkpoint, dtype, META, lastLayer);
        try
        {
            var decoder = family.Build(json, config, loader);
            loader.RequireAllUsed();
            var tokens = Math.Min(config.ContextLength, 1024);
            long size = loader.Loaded[0].element_size();
            return new(Path.GetFileName(Path.GetDirectoryName(checkpoint.Path)!), dtype, device, loader.Bytes)
            {
                Tokens = tokens,
                KeyValueCache = 2L * decoder.Blocks.Count * config.NKeyValueHeads * config.DHead * tokens * size,
                Activations = tokens * Math.Max(Block(config, size, tokens), decoder.Head is null ? 0 : config.VocabSize * (size + 4)),
                Available = AvailableMemory.Of(device),
            };
        }
        finally
        {
            foreach (var weight in loader.Loaded) weight.Dispose();
        }
    }

    /// <summary>Bytes per token within a block: the stream in the model's dtype and in float32, queries, keys and values twice, gate and value
    /// of the neurons and their product; and a row of scores of every head, for the families that need them.</summary>
    private static long Block(ModelConfig config, long size, int tokens) => config.DModel * 4 * (size + 4)
        + 2 * (config.NHeads + 2 * config.NKeyValueHeads) * config.DHead * size + 3L * config.DMlp * size + 2L * config.NHeads * tokens * 4;

    /// <exception cref="InsufficientMemoryException">it is more than the device can give; the message has the numbers</exception>
    public void RequireFits()
    {
        if (Total > Available)
            throw new InsufficientMemoryException($"{this}. It does not fit{Cure}; or free memory first.");
    }

    /// <summary>Whether the plan is large enough to be shown before a model is loaded.</summary>
    public bool IsWorthSaying => Total >= WorthSaying;

    /// <summary>The plan in one line.</summary>
    public override string ToString() =>
        $"{Model} in {Dtype.ToString().ToLowerInvariant()} on {Device}: weights {Gigabytes(Weights)}, cache {Gigabytes(KeyValueCache)}, SAE {Gigabytes(Sae)}, " +
        $"activations {Gigabytes(Activations)} (one prompt of {Tokens:N0} tokens), in all {Gigabytes(Total)}" +
        (Available is { } available ? $" of {Gigabytes(available)} available" : "");

    private string Cure => Dtype == ScalarType.BFloat16 ? ": load fewer layers (lastLayer) or take a smaller model" : ": try dtype bfloat16, fewer layers (lastLayer) or a smaller model";

    private static string Gigabytes(long bytes) => $"{bytes / 1e9:0.00} GB";
}
