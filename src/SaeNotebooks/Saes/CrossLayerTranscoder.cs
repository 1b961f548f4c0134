using SaeNotebooks.Checkpoints;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes.Formats;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes;

/// <summary>
/// A cross-layer transcoder (Ameisen et al. 2025): the latents of layer i read that layer and write to the MLP outputs of layers i … L−1, so that
/// the reconstruction at a layer is b_dec plus what the latents of that layer and of all before it write there. Owns its layers.
/// </summary>
/// <remarks>Each source layer is an ordinary transcoder whose decoder rows are those of all its targets, one after the other.</remarks>
public sealed class CrossLayerTranscoder : IDisposable
{
    private CrossLayerTranscoder(IReadOnlyList<Sae> layers) => Layers = layers;

    /// <summary>One transcoder per source layer: [d_model] → [d_sae] → [(L − i) · d_model].</summary>
    public IReadOnlyList<Sae> Layers { get; }

    /// <summary>d_model.</summary>
    public int ModelWidth => Layers[0].InputWidth;

    /// <summary>Opens a folder of circuit-tracer's or of Gemma Scope 2's; the caller owns the result.</summary>
    /// <param name="folder">with a file per layer</param>
    /// <param name="options">what the files do not say</param>
    /// <exception cref="CheckpointException">no such folder, a layer that is missing, or damaged files</exception>
    public static CrossLayerTranscoder Load(string folder, SaeOptions? options = null)
    {
        options ??= new();
        using var at = SaeLocation.Open(folder);
        var gemma = GemmaScope2ClTranscoder.Files(at);
        var count = gemma.Count > 0 ? gemma.Count : Enumerable.Range(0, int.MaxValue).First(i => !at.HasBeside(ClTranscoderLayerFormat.EncoderFile(i)));
        if (count == 0) throw new CheckpointException(folder, null, "no cross-layer transcoder is here: expected W_enc_0.safetensors, or params_layer_0.safetensors");
        var layers = new List<Sae>();
        try
        {
            for (var i = 0; i < count; i++) layers.Add(gemma.Count > 0 ? GemmaScope2ClTranscoder.Load(at, i, count, FileOf(i), options) : ClTranscoderLayerFormat.Load(at, i, options));
            RequireFit(folder, layers);
            return new(layers);
        }
        catch
        {
            foreach (var layer in layers) layer.Dispose();
            throw;
        }

        string FileOf(int i) => gemma.GetValueOrDefault(i) ?? throw new CheckpointException(folder, null, $"has {gemma.Count} layers, but none with number {i}");
    }

    /// <summary>What the latents of all layers write at the output of one layer, with b_dec and W_skip.</summary>
    /// <param name="inputs">[…, d_model] for each layer up to the target, all of one shape</param>
    /// <param name="target">the layer whose MLP output is predicted; by default the last of <paramref name="inputs"/></param>
    /// <returns>[…, d_model] float32; the caller owns it</returns>
    public Tensor Reconstruct(IReadOnlyList<Tensor> inputs, int? target = null)
    {
        var to = target ?? inputs.Count - 1;
        if (to < 0 || to >= inputs.Count || to >= Layers.Count)
            throw new ArgumentOutOfRangeException(nameof(target), to, $"The transcoder has layers 0 to {Layers.Count - 1}, and inputs of {inputs.Count} were given.");
        using var scope = NewDisposeScope();
        Tensor? sum = null;
        for (var from = 0; from <= to; from++)
        {
            var written = Layers[from].Reconstruct(inputs[from]).narrow(-1, (long)(to - from) * ModelWidth, ModelWidth);
            sum = sum is null ? written : sum.Plus(written);
        }
        return sum!.contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>The direction that a latent writes at the output of a layer. A copy; the caller owns it.</summary>
    /// <param name="layer">the layer that the latent reads</param>
    /// <param name="latent">which of its latents</param>
    /// <param name="target">the layer that is written to, from <paramref name="layer"/> on</param>
    /// <returns>[d_model] float32</returns>
    public Tensor Direction(int layer, int latent, int target)
    {
        if (layer < 0 || target < layer || target >= Layers.Count)
            throw new ArgumentOutOfRangeException(nameof(target), target, $"Latents of layer {layer} write to layers {layer} to {Layers.Count - 1}.");
        using var row = Layers[layer].Direction(latent);
        using var part = row.narrow(0, (long)(target - layer) * ModelWidth, ModelWidth);
        return part.clone();
    }

    /// <inheritdoc/>
    public override string ToString() => $"cross-layer transcoder of {Layers[0].Config.ModelName}: {Layers.Count} layers of {Layers[0].Width} latents";

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in Layers) layer.Dispose();
    }

    internal static SaeConfig Config(HookName input, HookName? output, string model) =>
        new() { Hook = input, IsTranscoder = true, OutputHook = output, ModelName = model, SubtractDecoderBias = false };

    private static void RequireFit(string folder, List<Sae> layers)
    {
        for (var i = 0; i < layers.Count; i++)
            if (layers[i].InputWidth != layers[0].InputWidth || layers[i].OutputWidth != (layers.Count - i) * layers[0].InputWidth)
                throw new CheckpointException(folder, $"layer {i}", $"goes from {layers[i].InputWidth} to {layers[i].OutputWidth}; {layers.Count} layers of width {layers[0].InputWidth} imply {(layers.Count - i) * layers[0].InputWidth}");
    }
}
