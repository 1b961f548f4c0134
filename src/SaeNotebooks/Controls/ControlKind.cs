namespace SaeNotebooks.Controls;

/// <summary>What a control looks like.</summary>
internal enum ControlKind
{
    /// <summary>A number by dragging, with the number beside it.</summary>
    Slider,

    /// <summary>A number in a box.</summary>
    Number,

    /// <summary>One of a list that folds open.</summary>
    Choice,

    /// <summary>One of a list that words narrow down.</summary>
    Search,

    /// <summary>A line of text.</summary>
    Text,

    /// <summary>Yes or no.</summary>
    Toggle,
}

/// <summary>The numbers that a slider or a box takes.</summary>
internal sealed record NumberRange(double From, double To, double Step)
{
    public bool Holds(double value) => value >= From && value <= To;

    /// <summary>At most <paramref name="count"/> numbers from end to end, each on a step.</summary>
    public IEnumerable<double> Spread(int count)
    {
        var steps = (long)Math.Floor((To - From) / Step + 1e-9);
        return Enumerable.Range(0, count).Select(i => From + Step * Math.Round((double)steps * i / (count - 1))).Distinct();
    }
}
