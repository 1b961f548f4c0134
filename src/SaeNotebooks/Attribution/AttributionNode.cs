using SaeNotebooks.Hooks;

namespace SaeNotebooks.Attribution;

/// <summary>A part of an activation at one token: what one latent of an SAE writes, or the error term, which is all that the latents do not explain.</summary>
/// <param name="Hook">the SAE's hook</param>
/// <param name="Position">the token, counted from 0</param>
/// <param name="Latent">the latent; null for the error term</param>
public readonly record struct AttributionNode(HookName Hook, int Position, int? Latent)
{
    /// <summary>Whether it is an error term.</summary>
    public bool IsError => Latent is null;

    /// <summary>For example "blocks.3.hook_resid_post @7 #476".</summary>
    public override string ToString() => $"{Hook} @{Position} {(Latent is { } latent ? $"#{latent}" : "error")}";
}

/// <summary>What a node contributes to a metric.</summary>
/// <param name="Node">the node</param>
/// <param name="Activation">of the latent, less what it is in the baseline; the norm of the error term</param>
/// <param name="Contribution">how much the metric would lose without the node, to first order; in the metric's unit</param>
public readonly record struct NodeContribution(AttributionNode Node, double Activation, double Contribution);
