using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Steering;

/// <summary>What becomes of an activation a, given a coefficient c. The activation is a latent's, or the share of a direction in h.</summary>
/// <param name="Name">in words</param>
/// <param name="Reads">whether a′ − a depends on a</param>
/// <param name="Change">a′ − a, from a and c; both broadcast to [batch, pos, latents]</param>
internal sealed record SteeringRule(string Name, bool Reads, Func<Tensor, Tensor, Tensor> Change)
{
    /// <summary>a′ = a + c</summary>
    public static readonly SteeringRule Add = new("add", false, (_, c) => c);

    /// <summary>a′ = c · a</summary>
    public static readonly SteeringRule Multiply = new("multiply by", true, (a, c) => a * c.sub(Scalars.One));

    /// <summary>a′ = c</summary>
    public static readonly SteeringRule Clamp = new("clamp to", true, (a, c) => c - a);

    /// <summary>a′ = max(a, c)</summary>
    public static readonly SteeringRule AtLeast = new("raise to at least", true, (a, c) => (c - a).relu());

    /// <summary>a′ = min(a, c)</summary>
    public static readonly SteeringRule AtMost = new("cap at", true, (a, c) => (a - c).relu().neg());
}
