using System.Text.Json.Nodes;

namespace SaeNotebooks.Figures.Svg;

/// <summary>What an axis measures, gathered from layout and data before it is laid out: kind, categories and the range of the data.</summary>
internal sealed class AxisDomain(JsonNode? layout, bool hasTexts)
{
    private readonly List<string> _categories = [];

    public bool IsLog { get; } = layout.Text("type") == "log";
    public bool IsCategory { get; } = layout.Text("type") == "category" || layout.Text("type") is null or "-" && hasTexts;
    public IReadOnlyList<string> Categories => _categories;
    public double Low { get; private set; } = double.PositiveInfinity;
    public double High { get; private set; } = double.NegativeInfinity;

    /// <summary>The axis coordinate of a value: its logarithm, its category's number, or itself; NaN for a gap.</summary>
    public double Of(JsonNode? value)
    {
        if (!IsCategory) return Of(JsonReading.AsNumber(value) ?? double.NaN);
        if (value is null) return double.NaN;
        var name = value.ToString();
        if (!_categories.Contains(name)) _categories.Add(name);
        return _categories.IndexOf(name);
    }

    public double Of(double value) => IsLog ? value > 0 ? Math.Log10(value) : double.NaN : value;

    /// <summary>Widens the range by a coordinate and room around it, both in axis coordinates.</summary>
    public void Include(double at, double room = 0)
    {
        if (!double.IsFinite(at)) return;
        Low = Math.Min(Low, at - room);
        High = Math.Max(High, at + room);
    }

    /// <summary>Set where bars stand on 0, which then lies at the very edge of the plot.</summary>
    public bool StandsOnZero { get; set; }

    /// <summary>Bars and areas stand on 0, unless the axis is logarithmic and has none.</summary>
    public double Base => IsLog ? double.IsFinite(Low) ? Low - 0.1 : 0 : 0;
}

/// <summary>An axis laid out: a range of coordinates over a range of pixels.</summary>
internal sealed class Axis
{
    private readonly double _low, _high, _from, _to;

    public Axis(AxisDomain domain, JsonNode? layout, double from, double to, bool isTight)
    {
        Domain = domain;
        (_low, _high) = Range(domain, layout, isTight);
        var isReversed = layout.Text("autorange") == "reversed";
        (_from, _to) = isReversed ? (to, from) : (from, to);
        AllTicks = MakeTicks(layout);
        Title = layout.Text("title.text") ?? layout.Text("title") ?? "";
        HasGrid = layout.Truth("showgrid") ?? true;
        HasZeroLine = layout.Truth("zeroline") ?? true;
    }

    public AxisDomain Domain { get; }
    public string Title { get; }
    public bool HasGrid { get; }
    public bool HasZeroLine { get; }
    public Tick[] AllTicks { get; }

    /// <summary>The pixel of an axis coordinate.</summary>
    public double At(double coordinate) => _from + (coordinate - _low) / (_high - _low) * (_to - _from);

    /// <summary>Pixels per unit of the axis coordinate.</summary>
    public double Scale => Math.Abs((_to - _from) / (_high - _low));

    public bool Shows(double coordinate) => coordinate >= Math.Min(_low, _high) - 1e-9 && coordinate <= Math.Max(_low, _high) + 1e-9;

    public bool ShowsZero => !Domain.IsLog && !Domain.IsCategory && Shows(0);

    private static (double, double) Range(AxisDomain domain, JsonNode? layout, bool isTight)
    {
        if (layout.Array("range") is { Count: 2 } range && JsonReading.AsNumber(range[0]) is { } a && JsonReading.AsNumber(range[1]) is { } b && a != b)
            return (a, b);
        if (domain.IsCategory) return (-0.5, Math.Max(1, domain.Categories.Count) - 0.5);
        var (low, high) = double.IsFinite(domain.Low) ? (domain.Low, domain.High) : (0, 1);
        if (layout.Text("rangemode") is "tozero") (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        if (high - low < 1e-12 * Math.Max(1, Math.Abs(high))) return (low - 1, high + 1);
        var margin = isTight ? 0 : 0.055 * (high - low);
        return (low == 0 && domain.StandsOnZero ? 0 : low - margin, high == 0 && domain.StandsOnZero ? 0 : high + margin);
    }

    private Tick[] MakeTicks(JsonNode? layout)
    {
        var length = Math.Abs(_to - _from);
        var ticks = layout.Array("tickvals") is { Count: > 0 } values ? Named(values, layout.Array("ticktext"))
            : Domain.IsCategory ? Domain.Categories.Select((c, i) => new Tick(i, PlotlyText.InLines(c)))
            : Domain.IsLog ? Ticks.Log(Math.Min(_low, _high), Math.Max(_low, _high))
            : layout.Number("dtick") is > 0 and { } step ? Ticks.Every(step, Math.Min(_low, _high), Math.Max(_low, _high))
            : Ticks.Linear(Math.Min(_low, _high), Math.Max(_low, _high), (int)(length / (_from < _to ? 95 : 48)));
        return [.. ticks.Where(t => Shows(t.At))];
    }

    private IEnumerable<Tick> Named(JsonArray values, JsonArray texts) =>
        values.Select((v, i) => new Tick(Domain.Of(v), PlotlyText.InLines(i < texts.Count ? texts[i]?.ToString() ?? "" : v?.ToString() ?? "")))
            .Where(t => double.IsFinite(t.At));
}
