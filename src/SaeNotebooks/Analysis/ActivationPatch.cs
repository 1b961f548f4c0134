using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Analysis;

/// <summary>Activation patching: a run in which one activation comes from another run.</summary>
public static class ActivationPatch
{
    /// <summary>An edit that puts a donor's activation at one token into the prompt that is run.</summary>
    /// <param name="donor">a run that captured the hook; it must not be disposed of while the edit is in use</param>
    /// <param name="hook">where, with positions in its second dimension</param>
    /// <param name="from">token of the donor's prompt; from the end if negative</param>
    /// <param name="to">token of the prompt that is run; by default the same as <paramref name="from"/></param>
    /// <param name="row">which of the donor's prompts</param>
    public static Edit From(ModelRun donor, HookName hook, int from = -1, int? to = null, int row = 0)
    {
        if (hook.Point.PositionDimension() != 1)
            throw new ArgumentException($"{hook} belongs to pairs of tokens, so it cannot be carried from one prompt to another.", nameof(hook));
        var length = donor.Batch.Prompts[row].Count;
        if (from < -length || from >= length) throw new ArgumentOutOfRangeException(nameof(from), from,
            $"The donor's prompt has {length} tokens.");
        var column = donor.Batch.Start(row) + (from < 0 ? length + from : from);
        return new PatchEdit(hook, Positions.At(to ?? from), donor[hook], row, column);
    }

    private sealed record PatchEdit(HookName Hook, Positions Positions, Tensor Donor, int Row, int Column) : Edit(Hook, Positions)
    {
        public override Tensor Apply(Tensor activation, EditContext context)
        {
            var value = Donor.narrow(0, Row, 1).narrow(1, Column, 1).to(activation.dtype, activation.device); // [1, 1, …]
            return value.shape.AsSpan(2).SequenceEqual(activation.shape.AsSpan(2)) ? value.expand(activation.shape)
                : throw new ArgumentException($"The donor's {Hook} has shape [{string.Join(", ", Donor.shape)}], the model's [{string.Join(", ", activation.shape)}].");
        }
    }
}
