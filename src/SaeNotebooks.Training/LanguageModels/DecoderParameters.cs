using SaeNotebooks.Checkpoints;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.LanguageModels;

/// <summary>
/// The float32 weights of a decoder in training. Each kind of matrix is stacked over layers, so that an optimiser step is a
/// handful of operations on large tensors instead of hundreds on small ones.
/// </summary>
public sealed class DecoderParameters : IDisposable
{
    /// <summary>The sizes.</summary>
    public DecoderShape Shape { get; }

    /// <summary>[vocabulary, width]; also the unembedding.</summary>
    public Tensor Embedding { get; }

    /// <summary>[layers, 3 · width, width]: query, key and value projections.</summary>
    public Tensor Qkv { get; }

    /// <summary>[layers, width, width]: attention output.</summary>
    public Tensor Output { get; }

    /// <summary>[layers, 2 · mlp, width]: gate and up projections.</summary>
    public Tensor GateUp { get; }

    /// <summary>[layers, width, mlp]: down projection.</summary>
    public Tensor Down { get; }

    /// <summary>[2 · layers + 1, width]: gains before attention and before the MLP of each layer, then the final one.</summary>
    public Tensor Norms { get; }

    /// <summary>Draws initial weights: normal with variance 1/fan-in, writers to the residual stream scaled by 1/√(2·layers).</summary>
    public DecoderParameters(DecoderShape shape, long seed)
    {
        Shape = shape;
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        int d = shape.Width, f = shape.MlpWidth, layers = shape.Layers;
        var quiet = 1 / Math.Sqrt(2.0 * layers);
        Embedding = Leaf(Normal([shape.Vocabulary, d], 0.02, generator));
        Qkv = Leaf(Normal([layers, 3 * d, d], 1 / Math.Sqrt(d), generator));
        Output = Leaf(Normal([layers, d, d], quiet / Math.Sqrt(d), generator));
        GateUp = Leaf(Normal([layers, 2 * f, d], 1 / Math.Sqrt(d), generator));
        Down = Leaf(Normal([layers, d, f], quiet / Math.Sqrt(f), generator));
        Norms = Leaf(ones(2 * layers + 1, d));
    }

    private static Tensor Normal(long[] size, double deviation, Generator generator) =>
        randn(size, generator: generator).mul_(deviation);

    private static Tensor Leaf(Tensor values) => values.requires_grad_(true).DetachFromDisposeScope();

    /// <summary>All weights by a stable name, for checkpoints.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Named() =>
        [("embedding", Embedding), ("qkv", Qkv), ("output", Output), ("gate_up", GateUp), ("down", Down), ("norms", Norms)];

    /// <summary>The weights under the names and in the orientation of a HuggingFace Llama checkpoint; the caller owns the copies.</summary>
    /// <param name="type">the dtype to store</param>
    public Dictionary<string, Tensor> ToHuggingFace(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        int d = Shape.Width, f = Shape.MlpWidth;
        var named = new Dictionary<string, Tensor> { ["model.embed_tokens.weight"] = Stored(Embedding) };
        for (var l = 0; l < Shape.Layers; l++)
        {
            var block = $"model.layers.{l}.";
            named[block + "input_layernorm.weight"] = Stored(Norms[2 * l]);
            named[block + "self_attn.q_proj.weight"] = Stored(Qkv[l].narrow(0, 0, d));
            named[block + "self_attn.k_proj.weight"] = Stored(Qkv[l].narrow(0, d, d));
            named[block + "self_attn.v_proj.weight"] = Stored(Qkv[l].narrow(0, 2 * d, d));
            named[block + "self_attn.o_proj.weight"] = Stored(Output[l]);
            named[block + "post_attention_layernorm.weight"] = Stored(Norms[2 * l + 1]);
            named[block + "mlp.gate_proj.weight"] = Stored(GateUp[l].narrow(0, 0, f));
            named[block + "mlp.up_proj.weight"] = Stored(GateUp[l].narrow(0, f, f));
            named[block + "mlp.down_proj.weight"] = Stored(Down[l]);
        }
        named["model.norm.weight"] = Stored(Norms[2 * Shape.Layers]);
        return named;

        Tensor Stored(Tensor view) => view.detach().to(type, copy: true).contiguous().DetachFromDisposeScope();
    }

    /// <summary>Reads the weights that <see cref="ToHuggingFace"/> gave, of any dtype.</summary>
    /// <param name="file">with the names of a HuggingFace Llama</param>
    /// <exception cref="CheckpointException">a tensor is missing or has another shape</exception>
    internal void FromHuggingFace(SafetensorsFile file)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        int d = Shape.Width, f = Shape.MlpWidth;
        Read("embed_tokens", Embedding);
        for (var l = 0; l < Shape.Layers; l++)
        {
            var block = $"layers.{l}.";
            Read(block + "input_layernorm", Norms[2 * l]);
            foreach (var (i, part) in "qkv".Index()) Read($"{block}self_attn.{part}_proj", Qkv[l].narrow(0, i * d, d));
            Read(block + "self_attn.o_proj", Output[l]);
            Read(block + "post_attention_layernorm", Norms[2 * l + 1]);
            Read(block + "mlp.gate_proj", GateUp[l].narrow(0, 0, f));
            Read(block + "mlp.up_proj", GateUp[l].narrow(0, f, f));
            Read(block + "mlp.down_proj", Down[l]);
        }
        Read("norm", Norms[2 * Shape.Layers]);

        void Read(string name, Tensor view) => file.ReadInto($"model.{name}.weight", view.detach());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, tensor) in Named()) tensor.Dispose();
    }
}
