using System.Text.Json.Nodes;
using SaeNotebooks.Display;
using SaeNotebooks.Figures.Svg;

namespace SaeNotebooks.Figures;

/// <summary>
/// A chart as a value: plotly traces and a plotly layout. It displays itself as the last value of a cell, and every edit gives
/// a new figure. Immutable and safe to share between threads.
/// </summary>
/// <remarks>Attribute names and values are plotly's own (plotly.com/javascript/reference), so what is documented there can be set here.</remarks>
[TypeFormatterSource(typeof(FormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Plotly, MimeTypes.Svg, MimeTypes.Text])]
public sealed class Figure : IDisplayable
{
    private readonly JsonObject _root;

    private Figure(JsonObject root) => _root = root;

    /// <summary>Reads a plotly figure, <c>{"data": […], "layout": {…}}</c>.</summary>
    /// <exception cref="FormatException">the text is not such a figure</exception>
    public static Figure Parse(string json)
    {
        if (JsonNode.Parse(json) is not JsonObject { } root || root["data"] is not JsonArray data)
            throw new FormatException("A plotly figure is a JSON object with an array 'data'; this text is not.");
        foreach (var array in data.OfType<JsonObject>().SelectMany(t => t).Select(a => a.Value).OfType<JsonArray>()) EmptyGaps(array);
        return new(new JsonObject { ["data"] = data.DeepClone(), ["layout"] = root["layout"]?.DeepClone() ?? new JsonObject() });
    }

    /// <summary>How many traces (series) the figure has.</summary>
    public int TraceCount => Traces.Count;

    /// <summary>The title as one line of plain text; empty when there is none.</summary>
    public string Title => PlotlyText.Plain(_root.Text("layout.title.text") ?? _root.Text("layout.title") ?? "");

    /// <summary>The figure with another title.</summary>
    public Figure WithTitle(string title)
    {
        var (text, before) = (PlotlyText.Headline(title), PlotlyText.HeadlineRoom(_root.Text("layout.title.text") ?? ""));
        var besides = Math.Max(0, (_root.Number("layout.margin.t") ?? 0) - before); // a legend above the plot
        var titled = WithLayout("title.text", text).WithLayout("margin.t", PlotlyText.HeadlineRoom(text) + besides);
        return TopLegend.IsIn(_root["layout"]) ? titled.WithLayout("title.pad.t", TopLegend.TitlePad(text)) : titled;
    }

    /// <summary>The figure with other axis titles.</summary>
    public Figure WithAxisTitles(string xTitle, string yTitle) =>
        WithLayout("xaxis.title.text", PlotlyText.Escape(xTitle)).WithLayout("yaxis.title.text", PlotlyText.Escape(yTitle));

    /// <summary>The figure with labels at the horizontal positions 0, 1, 2, …, such as the tokens of a prompt.</summary>
    public Figure WithXLabels(IEnumerable<string> labels)
    {
        string[] texts = [.. labels.Select(PlotlyText.Escape)];
        return WithLayout("xaxis.tickmode", "array").WithLayout("xaxis.tickvals", Enumerable.Range(0, texts.Length))
            .WithLayout("xaxis.ticktext", texts).WithLayout("xaxis.showgrid", false);
    }

    /// <summary>The figure with a logarithmic axis, <c>x</c> or <c>y</c>, with ticks at 1, 2 and 5 times the powers of ten.</summary>
    public Figure WithLogAxis(string axis) => axis is not ("x" or "y") ? throw new ArgumentException($"There is no axis '{axis}'; x and y can be logarithmic.", nameof(axis))
        : WithLayout($"{axis}axis.type", "log").WithLayout($"{axis}axis.dtick", "D2").WithLayout($"{axis}axis.tickformat", "~g"); // without a format plotly shortens 20 to 2

    /// <summary>The figure at another size, in pixels; a width of null fills the page.</summary>
    public Figure WithSize(int? width, int height) => WithLayout("width", width).WithLayout("height", height);

    /// <summary>The figure with a layout attribute set, for example <c>WithLayout("yaxis.type", "log")</c>; null removes it.</summary>
    /// <exception cref="ArgumentException">the path does not fit the figure, or the value is of a kind plotly does not know</exception>
    public Figure WithLayout(string path, object? value) => Edit(root => FigurePath.Set((JsonObject)root["layout"]!, path, FigurePath.ToJson(value)));

    /// <summary>The figure with an attribute of one trace set, for example <c>WithTrace(0, "line.dash", "dot")</c>; null removes it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">there is no such trace</exception>
    /// <exception cref="ArgumentException">the path does not fit the figure, or the value is of a kind plotly does not know</exception>
    public Figure WithTrace(int trace, string path, object? value)
    {
        if (trace < 0 || trace >= TraceCount)
            throw new ArgumentOutOfRangeException(nameof(trace), $"The figure has {TraceCount} traces, counted from 0; trace {trace} does not exist.");
        return Edit(root => FigurePath.Set((JsonObject)root["data"]![trace]!, path, FigurePath.ToJson(value)));
    }

    /// <summary>The figure with an attribute set on every trace.</summary>
    public Figure WithTraces(string path, object? value) =>
        Enumerable.Range(0, TraceCount).Aggregate(this, (figure, trace) => figure.WithTrace(trace, path, value));

    /// <summary>The figure with error bars on one trace, in the units of the vertical axis, above and below each value.</summary>
    /// <exception cref="ArgumentException">there are not as many as values</exception>
    public Figure WithErrorBars(int trace, Values plusMinus)
    {
        var values = (Get($"data[{trace}].y") as JsonArray)?.Count ?? 0;
        return values == plusMinus.Count ? WithTrace(trace, "error_y", new JsonObject { ["type"] = "data", ["array"] = FigurePath.ToJson(plusMinus) })
            : throw new ArgumentException($"Trace {trace} has {values} values and was given {plusMinus.Count} error bars; give one for each.");
    }

    /// <summary>The figure with an interval around each value of one trace, in the units of the vertical axis; it may reach further to one side, as
    /// those of shares near 0 and 1 do.</summary>
    /// <param name="trace">which, from 0</param>
    /// <param name="low">lower ends</param>
    /// <param name="high">upper ends</param>
    /// <exception cref="ArgumentException">there are not as many as values, or a value lies outside its interval</exception>
    public Figure WithIntervals(int trace, Values low, Values high)
    {
        double[] values = [.. (Get($"data[{trace}].y") as JsonArray ?? []).Select(v => JsonReading.AsNumber(v) ?? double.NaN)];
        if (values.Length != low.Count || values.Length != high.Count)
            throw new ArgumentException($"Trace {trace} has {values.Length} values and was given {low.Count} lower and {high.Count} upper ends; give one of each for each.");
        double[] below = [.. values.Zip(low, (v, l) => v - l)], above = [.. values.Zip(high, (v, h) => h - v)];
        var outside = Array.FindIndex([.. below.Zip(above, Math.Min)], reach => reach < -1e-6);
        if (outside >= 0) throw new ArgumentException($"Value {outside} of trace {trace}, {values[outside]:g4}, lies outside its interval from {low[outside]:g4} to {high[outside]:g4}.");
        return WithTrace(trace, "error_y", new JsonObject
        {
            ["type"] = "data", ["symmetric"] = false, ["array"] = FigurePath.ToJson(above), ["arrayminus"] = FigurePath.ToJson(below),
        });
    }

    /// <summary>Both figures' traces in this figure's layout.</summary>
    public Figure Overlay(Figure other) => Edit(root =>
    {
        foreach (var trace in other.Traces) ((JsonArray)root["data"]!).Add(trace!.DeepClone());
    });

    /// <summary>
    /// The figure with a labelled straight line across it, at a height (<paramref name="y"/>) or a horizontal position (<paramref name="x"/>). The label at a height
    /// stands right of the plot, and a legend moves above it.
    /// </summary>
    public Figure WithReferenceLine(string label, double? x = null, double? y = null)
    {
        if (x is null == y is null) throw new ArgumentException("A reference line lies at an x or at a y: give one of the two.");
        return Edit(root => ReferenceLine.Add(root, label, x, y));
    }

    /// <summary>A copy of the value at a path such as <c>data[0].name</c> or <c>layout.title.text</c>; null where there is none.</summary>
    public JsonNode? Get(string path) => FigurePath.Get(_root, path)?.DeepClone();

    /// <summary>The figure as plotly JSON.</summary>
    public string ToPlotlyJson() => _root.ToJsonString();

    /// <inheritdoc/>
    public string ToHtml() => FigureHtml.Write(this);

    /// <summary>The figure as a picture that needs no script, as a standalone SVG document.</summary>
    public string ToSvg() => SvgRenderer.Render(_root, embedded: false);

    /// <summary>The figure in words.</summary>
    public override string ToString() =>
        $"{(Title.Length > 0 ? Title : "Figure without a title")} ({string.Join("; ", Traces.Select(PlotlyText.Describe))})";

    string IDisplayable.ToText() => ToString();

    string? IDisplayable.ToSvg() => ToSvg();

    string? IDisplayable.ToPlotlyJson() => ToPlotlyJson();

    /// <summary>The picture for a place inside a page, in the page's own text colour.</summary>
    internal string ToEmbeddedSvg() => SvgRenderer.Render(_root, embedded: true);

    private JsonArray Traces => (JsonArray)_root["data"]!;

    private Figure Edit(Action<JsonObject> change)
    {
        var copy = (JsonObject)_root.DeepClone();
        change(copy);
        return new(copy);
    }

    /// <summary>Numbers that are not finite come as the texts "NaN" and "Infinity"; plotly's own sign for a gap is null.</summary>
    private static void EmptyGaps(JsonArray array)
    {
        foreach (var inner in array.OfType<JsonArray>()) EmptyGaps(inner);
        static bool IsGap(JsonNode? n) => n is JsonValue v && v.TryGetValue(out string? s) && s is "NaN" or "Infinity" or "-Infinity";
        if (!array.All(n => n is JsonValue v && v.GetValueKind() == System.Text.Json.JsonValueKind.Number || IsGap(n))) return;
        for (var i = 0; i < array.Count; i++)
            if (IsGap(array[i])) array[i] = null;
    }
}
