using System.Globalization;
using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Steering;

/// <summary>A number that an edit uses: the same for all prompts, or one for each, so that one batch can hold a whole sweep. A plain
/// number converts to it.</summary>
public sealed record Dose
{
    private readonly double[] _values;
    private readonly bool _each;

    private Dose(double[] values, bool each)
    {
        foreach (var value in values)
            if (!double.IsFinite(value)) throw new ArgumentException($"A dose is {value.ToString(CultureInfo.InvariantCulture)}; it must be a finite number.");
        (_values, _each) = (values, each);
    }

    /// <summary>One number for each prompt, in the order in which the prompts are given to the run or the generation.</summary>
    /// <exception cref="ArgumentException">there are none, or one is not finite</exception>
    public static Dose Each(IEnumerable<double> values)
    {
        double[] each = [.. values];
        return each.Length > 0 ? new(each, true) : throw new ArgumentException("Doses for each prompt were announced, and there is none.", nameof(values));
    }

    /// <summary>The same number everywhere.</summary>
    public static implicit operator Dose(double value) => new([value], false);

    /// <inheritdoc/>
    public override string ToString() => _each ? $"{_values.Length} doses, one for each prompt" : _values[0].ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The numbers of the rows of a batch; the caller's scope owns them.</summary>
    /// <param name="context">which rows these are</param>
    /// <param name="x">what is edited, whose dtype and device the result has</param>
    /// <returns>[1 or batch, 1, 1]</returns>
    internal Tensor Of(EditContext context, Tensor x)
    {
        if (!_each) return tensor(_values, [1, 1, 1], dtype: x.dtype, device: x.device);
        if (_values.Length != context.PromptCount)
            throw new ArgumentException($"The edit at {context.Hook} has {_values.Length} doses, one for each prompt, and there are {context.PromptCount} prompts.");
        return tensor([.. context.Prompts.Select(p => _values[p])], [context.Prompts.Count, 1, 1], dtype: x.dtype, device: x.device);
    }
}
