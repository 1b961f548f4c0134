using System.Globalization;

namespace SaeNotebooks.Display;

/// <summary>How far an operation has come at one moment.</summary>
/// <param name="What">the operation</param>
/// <param name="Unit">what is counted</param>
/// <param name="Total">units to do; 0 when not known</param>
/// <param name="Done">units done</param>
[TypeFormatterSource(typeof(FormatterSource))]
internal sealed record ProgressState(string What, string Unit, long Total, long Done) : IDisplayable
{
    public string? Note { get; init; }
    public TimeSpan Elapsed { get; init; }
    /// <summary>Units per second since the start of this run.</summary>
    public double Rate { get; init; }
    public bool IsOver { get; init; }
    /// <summary>Whether a notebook shows nothing of it once it is over.</summary>
    public bool IsPassing { get; init; }

    public double Share => Total > 0 ? Math.Clamp((double)Done / Total, 0, 1) : 0;

    public string ToHtml()
    {
        if (IsPassing && IsOver) return "";
        var bar = Total > 0
            ? $"<progress value=\"{Share.ToString("0.####", CultureInfo.InvariantCulture)}\" max=\"1\" style=\"width:280px;vertical-align:middle\"></progress> "
            : "";
        return $"<div class=\"sae-progress\">{bar}<span style=\"font-variant-numeric:tabular-nums\">{Html.Encode(ToText())}</span></div>";
    }

    /// <summary>For example <c>Training the SAE: 1,200 of 5,000 steps (24 %), 310 steps/s, 12 s left, loss 0.412</c>.</summary>
    public string ToText()
    {
        var count = Total > 0 ? $"{Count(Done)} of {Count(Total)} {Unit} ({100 * Share:0} %)" : $"{Count(Done)} {Unit}";
        List<string> parts = [IsOver && (Total == 0 || Done >= Total) ? $"{Count(Done)} {Unit} in {Time(Elapsed)}" : IsOver ? $"stopped after {count} and {Time(Elapsed)}" : count];
        if (Rate > 0) parts.Add($"{Html.Number(Rate)} {Unit}/s");
        if (!IsOver && Rate > 0 && Total > Done) parts.Add($"{Time(TimeSpan.FromSeconds(Math.Min((Total - Done) / Rate, 8.64e6)))} left");
        if (Note is { Length: > 0 }) parts.Add(Note);
        return $"{What}: {string.Join(", ", parts)}";
    }

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(TimeSpan t) => t.TotalHours >= 1 ? $"{(int)t.TotalHours} h {t.Minutes} min"
        : t.TotalMinutes >= 1 ? $"{t.Minutes} min {t.Seconds} s" : t.TotalSeconds >= 10 ? $"{t.Seconds} s" : FormattableString.Invariant($"{t.TotalSeconds:0.0} s");
}
