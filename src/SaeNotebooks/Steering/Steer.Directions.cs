using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Steering;

public static partial class Steer
{
    /// <summary>h′ = h + c · d.</summary>
    /// <param name="hook">where</param>
    /// <param name="direction">d: [d_model], or what the activation has for each token at this hook; the caller owns it and keeps it alive</param>
    /// <param name="amount">c; a plain number multiplies the vector as it is given</param>
    /// <param name="positions">by default every token but BOS</param>
    /// <exception cref="ArgumentException">the direction is zero, or the hook belongs to pairs of tokens</exception>
    public static SteeringEdit Add(HookName hook, Tensor direction, Coefficient amount, Positions? positions = null) =>
        new(new DirectionTarget(hook, direction), SteeringRule.Add, [amount], positions);

    /// <summary>h′ = (I − P) h: takes out all that lies along the direction; P = d dᵀ / ‖d‖².</summary>
    /// <inheritdoc cref="Add(HookName, Tensor, Coefficient, Positions?)"/>
    public static SteeringEdit Ablate(HookName hook, Tensor direction, Positions? positions = null) => Multiply(hook, direction, 0, positions);

    /// <summary>h′ = (I − P) h + c · P h, orthogonal replacement (Neuronpedia's <c>ORTHOGONAL_DECOMP</c>): the part of h along the direction is
    /// multiplied, and what is orthogonal to it stays.</summary>
    /// <param name="hook">where</param>
    /// <param name="direction">d; its length does not matter</param>
    /// <param name="by">c: 1 changes nothing, 0 ablates, −1 mirrors</param>
    /// <param name="positions">by default every token but BOS</param>
    /// <exception cref="ArgumentException">the direction is zero, or the hook belongs to pairs of tokens</exception>
    public static SteeringEdit Multiply(HookName hook, Tensor direction, Dose by, Positions? positions = null) =>
        new(new DirectionTarget(hook, direction), SteeringRule.Multiply, [by], positions);

    /// <summary>h′ = (I − P) h + c · d: the part of h along the direction becomes c · d, whatever it was.</summary>
    /// <inheritdoc cref="Add(HookName, Tensor, Coefficient, Positions?)"/>
    public static SteeringEdit Clamp(HookName hook, Tensor direction, Coefficient amount, Positions? positions = null) =>
        new(new DirectionTarget(hook, direction), SteeringRule.Clamp, [amount], positions);

    /// <summary>The part of h along the direction becomes at least c · d.</summary>
    /// <inheritdoc cref="Add(HookName, Tensor, Coefficient, Positions?)"/>
    public static SteeringEdit AtLeast(HookName hook, Tensor direction, Coefficient amount, Positions? positions = null) =>
        new(new DirectionTarget(hook, direction), SteeringRule.AtLeast, [amount], positions);

    /// <summary>The part of h along the direction becomes at most c · d: a projection cap (Neuronpedia's <c>PROJECTION_CAP</c>).</summary>
    /// <inheritdoc cref="Add(HookName, Tensor, Coefficient, Positions?)"/>
    public static SteeringEdit AtMost(HookName hook, Tensor direction, Coefficient amount, Positions? positions = null) =>
        new(new DirectionTarget(hook, direction), SteeringRule.AtMost, [amount], positions);

    /// <summary>Several edits at one hook that all read the same activation; what they would change is added up, so their order does not matter.</summary>
    /// <param name="edits">at one hook and the same positions; none may drop the error term</param>
    /// <exception cref="ArgumentException">there are none, or they cannot be added up</exception>
    public static Edit Together(params SteeringEdit[] edits) =>
        edits.Length > 0 ? new TogetherEdit([.. edits]) : throw new ArgumentException("No edit is given to be made.", nameof(edits));
}
