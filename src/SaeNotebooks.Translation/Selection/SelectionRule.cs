namespace SaeNotebooks.Translation.Selection;

/// <summary>How the activations of several latents become one number by which examples are ordered; the paper does not say (the follow-up sums them, Shi et al. 2026).</summary>
public enum Aggregation
{
    /// <summary>Their sum, which orders as their mean does.</summary>
    Sum,

    /// <summary>The largest of them.</summary>
    Max,

    /// <summary>The sum of each latent's activation divided by its largest in the pool, so that latents of layers with larger activations do not decide alone.</summary>
    SumOfShares,
}

/// <summary>What the loss of S2 is measured on.</summary>
public enum LossOver
{
    /// <summary>The translation alone.</summary>
    Target,

    /// <summary>Prompt and translation, as the authors' scorer does.</summary>
    Text,
}

/// <summary>How examples are selected by their scores. The paper gives neither the gate nor the aggregation, so the gate has no default.</summary>
/// <param name="Gate">what is good enough</param>
public sealed record SelectionRule(QualityGate Gate)
{
    /// <summary>How the activations of several latents become one number.</summary>
    public Aggregation Aggregation { get; init; } = Aggregation.Sum;

    /// <summary>What the loss of S2 is measured on.</summary>
    public LossOver Loss { get; init; } = LossOver.Target;
}

/// <summary>What is good enough by COMET: at least a score, or among the best share of the pool.</summary>
public sealed record QualityGate
{
    private readonly double _value;
    private readonly bool _isShare;

    private QualityGate(double value, bool isShare) => (_value, _isShare) = (value, isShare);

    /// <summary>At least this COMET score, in the unit of the pool.</summary>
    /// <exception cref="ArgumentException">it is no finite number</exception>
    public static QualityGate AtLeast(double comet) => double.IsFinite(comet) ? new(comet, false) : throw new ArgumentException($"The gate is {comet}, no finite number.", nameof(comet));

    /// <summary>Among this share of the pool with the highest COMET, and equal to the last of them; 1 lets everything through, whatever its COMET.</summary>
    /// <exception cref="ArgumentException">it is not above 0 and at most 1</exception>
    public static QualityGate BestShare(double share) => share is > 0 and <= 1 ? new(share, true) : throw new ArgumentException($"The gate is the best {share} of the pool; it must be above 0 and at most 1.", nameof(share));

    /// <summary>Whether it lets everything through.</summary>
    public bool IsOpen => _isShare && _value == 1;

    /// <summary>The least COMET score that is good enough; −∞ for a gate that is open.</summary>
    /// <param name="comet">of the pool's examples</param>
    public double Threshold(IReadOnlyList<double> comet) => IsOpen ? double.NegativeInfinity : !_isShare ? _value
        : comet.OrderDescending().ElementAt(Math.Max(1, (int)Math.Floor(_value * comet.Count)) - 1);

    /// <inheritdoc/>
    public override string ToString() => IsOpen ? "no gate" : _isShare ? FormattableString.Invariant($"the best {100 * _value:0.##} % by COMET") : FormattableString.Invariant($"COMET at least {_value}");
}
