using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Steering;

/// <summary>
/// An edit that changes activations of latents, or the share of a direction, and writes the change alone: h + Σ (a′ − a) · d, which for an
/// SAE is encoding, editing, decoding and adding the error back, without doing any of the four in full. Its text says all that it does.
/// Made by <see cref="Steer"/>.
/// </summary>
public sealed record SteeringEdit : Edit
{
    internal SteeringEdit(SteeringTarget target, SteeringRule rule, IReadOnlyList<Coefficient> amounts, Positions? positions)
        : base(target.Hook, positions ?? Positions.AllButBos) => (Target, Rule, Amounts) = (target, rule, amounts);

    internal SteeringTarget Target { get; }

    internal SteeringRule Rule { get; }

    /// <summary>One for all latents, or one for each.</summary>
    internal IReadOnlyList<Coefficient> Amounts { get; }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor activation, EditContext context)
    {
        var x = Rows(activation);
        return Target.Rest(x).Plus(Change(activation, context)).view(activation.shape).to(activation.dtype, activation.device);
    }

    /// <summary>For example "multiply by 3: latent 476 of blocks.4.hook_resid_post, error term kept; at all but BOS".</summary>
    public override string ToString() => $"{Rule.Name} {string.Join(", ", Amounts)}: {Target}; at {Positions}";

    /// <summary>What the edit adds to h.</summary>
    /// <returns>[1 or batch, 1 or pos, d]</returns>
    internal Tensor Change(Tensor activation, EditContext context)
    {
        Target.RequireFit(this, activation);
        var x = Rows(activation);
        var reading = Target.Read(x, Rule.Reads);
        var amounts = Amounts.Select((amount, i) => amount.In(x, reading.Length(i), context)).ToArray();
        var change = Rule.Change(reading.Activations, Joined(amounts)); // [1 or batch, 1 or pos, latents]
        if (change.shape[^1] < reading.Directions.shape[0]) change = change.expand(-1, -1, reading.Directions.shape[0]);
        var written = change.to(reading.Directions.dtype).matmul(reading.Directions);
        return reading.Scale is { } scale ? written * scale : written;
    }

    /// <summary>[batch, pos, d], wide enough for norms and thresholds.</summary>
    internal static Tensor Rows(Tensor activation) => activation.reshape(activation.shape[0], activation.shape[1], -1)
        .to(activation.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32);

    private static Tensor Joined(Tensor[] amounts)
    {
        if (amounts.Length == 1) return amounts[0];
        var widest = broadcast_tensors(amounts);
        return cat(widest, -1);
    }
}
