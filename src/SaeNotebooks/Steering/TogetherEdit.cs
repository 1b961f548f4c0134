using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Steering;

/// <summary>h + Σ change_i(h): all parts read the same h.</summary>
internal sealed record TogetherEdit : Edit
{
    public TogetherEdit(IReadOnlyList<SteeringEdit> parts) : base(parts[0].Hook, parts[0].Positions)
    {
        foreach (var part in parts)
        {
            if (part.Hook != Hook) throw new ArgumentException($"Edits at {Hook} and {part.Hook} read different activations; give them as a list, [first, second].");
            if (!part.Positions.Equals(Positions)) throw new ArgumentException($"Edits at '{Positions}' and '{part.Positions}' cannot be one; give them as a list, [first, second].");
            if (part.Target is LatentTarget { Error: ErrorTerm.Dropped })
                throw new ArgumentException("Edits that drop the error term replace the activation, so they cannot be added up; give them as a list, [first, second].");
        }
        Parts = parts;
    }

    public IReadOnlyList<SteeringEdit> Parts { get; }

    public override Tensor Apply(Tensor activation, EditContext context)
    {
        var sum = Parts.Aggregate(SteeringEdit.Rows(activation), (h, part) => h.Plus(part.Change(activation, context)));
        return sum.view(activation.shape).to(activation.dtype);
    }

    public override string ToString() => $"together: {string.Join(" | ", Parts)}";
}
