using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Attribution;

/// <summary>The nodes of one layer of a graph, and the gradient of the metric there. Owns its tensors.</summary>
internal sealed class GraphLayer : IDisposable
{
    private readonly LatentParts _parts;
    private readonly int[] _kept; // into the nodes of the parts
    private readonly double[] _contributions;

    /// <param name="model">the model</param>
    /// <param name="sae">the layer's SAE</param>
    /// <param name="batch">one prompt</param>
    /// <param name="gradient">[pos, d]; stays the caller's</param>
    /// <param name="options">which nodes are kept</param>
    public GraphLayer(HookedTransformer model, Sae sae, TokenBatch batch, Tensor gradient, GraphOptions options)
    {
        (Sae, Gradient) = (sae, gradient);
        _parts = LatentAttribution.PartsOf(model, sae, batch, baseline: null, options.Positions);
        _contributions = _parts.Contributions(gradient);
        _kept = [.. Pruning.Keep(Enumerable.Range(0, _contributions.Length), i => _contributions[i], options.NodeShare, options.NodesPerLayer)];
    }

    public Sae Sae { get; }

    /// <summary>∂ metric / ∂ h, [pos, d].</summary>
    public Tensor Gradient { get; }

    public int Found => _parts.Nodes.Count;

    /// <summary>The nodes that are kept, the largest contribution first.</summary>
    public IEnumerable<NodeContribution> Kept => _kept.Select(i => new NodeContribution(_parts.Nodes[i], _parts.Activations[i], _contributions[i]));

    /// <summary>All latents that are active at a token.</summary>
    public IEnumerable<int> ActiveAt(int position) => _parts.Nodes.Where(n => n.Position == position && !n.IsError).Select(n => n.Latent!.Value);

    /// <summary>What the kept nodes write, [kept, d], in their order; the caller's scope owns it.</summary>
    public Tensor Vectors() => _parts.Vectors(_kept);

    public void Dispose() => _parts.Dispose();
}
