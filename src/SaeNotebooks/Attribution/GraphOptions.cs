using SaeNotebooks.Hooks;

namespace SaeNotebooks.Attribution;

/// <summary>How an attribution graph is pruned, and what its gradients see.</summary>
public sealed record GraphOptions
{
    /// <summary>Of each layer, the fewest nodes are kept whose contributions make up this share of the layer's, without regard to sign.</summary>
    public double NodeShare { get; init; } = 0.8;

    /// <summary>Between two layers, the fewest edges are kept whose effects make up this share, without regard to sign.</summary>
    public double EdgeShare { get; init; } = 0.9;

    /// <summary>At most so many nodes are kept in a layer.</summary>
    public int NodesPerLayer { get; init; } = 40;

    /// <summary>What gradients take as constant.</summary>
    public Frozen Frozen { get; init; } = Frozen.Attention;

    /// <summary>Tokens that have nodes.</summary>
    public Positions Positions { get; init; } = Positions.AllButBos;

    /// <exception cref="ArgumentOutOfRangeException">a setting has no meaning</exception>
    internal void Validate()
    {
        foreach (var share in new[] { NodeShare, EdgeShare })
            if (!(share is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(NodeShare), share, "The share of nodes or edges that is kept lies above 0 and is at most 1.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(NodesPerLayer);
    }
}
