using System.Globalization;
using System.Text.Json.Nodes;

namespace SaeNotebooks.Figures.Svg;

/// <summary>Colours for numbers: stops between which red, green and blue run evenly, as in plotly.</summary>
internal sealed class ColorScale
{
    private readonly (double At, Rgb Color)[] _stops;

    private ColorScale(IEnumerable<(double, Rgb)> stops, double low, double high) => (_stops, Low, High) = ([.. stops], low, high);

    public double Low { get; }
    public double High { get; }

    public static ColorScale Of(string[] colors, double low, double high) =>
        new(colors.Select((c, i) => (i / (colors.Length - 1.0), Rgb.Parse(c)!.Value)), low, high);

    /// <summary>Reads a trace's or marker's colour scale; names of plotly's own scales are drawn in the nearest of ours.</summary>
    public static ColorScale Read(JsonNode? node, string prefix, IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        var low = node.Number(prefix + "min") ?? finite.DefaultIfEmpty(0).Min();
        var high = node.Number(prefix + "max") ?? finite.DefaultIfEmpty(1).Max();
        if (node.Number(prefix + "mid") is { } middle && node.Number(prefix + "min") is null)
            (low, high) = (middle - Math.Max(high - middle, middle - low), middle + Math.Max(high - middle, middle - low));
        if (low == high) (low, high) = (low - 0.5, high + 0.5);
        var stops = node.Array("colorscale").OfType<JsonArray>()
            .Select(s => (At: JsonReading.AsNumber(s[0]), Color: Rgb.Parse(s[1]?.ToString() ?? ""))).Where(s => s.At is not null && s.Color is not null)
            .Select(s => (s.At!.Value, s.Color!.Value)).ToArray();
        if (stops.Length > 1) return new(stops, low, high);
        return Of(node.Text("colorscale") is "RdBu" or "Picnic" or "Bluered" or "Portland" ? Palette.Diverging : Palette.Sequential, low, high);
    }

    public Rgb Of(double value)
    {
        var at = Math.Clamp((value - Low) / (High - Low), 0, 1);
        var next = Array.FindIndex(_stops, s => s.At >= at);
        if (next <= 0) return _stops[next == 0 ? 0 : ^1].Color;
        var ((a, from), (b, to)) = (_stops[next - 1], _stops[next]);
        return from.Mix(to, b > a ? (at - a) / (b - a) : 1);
    }
}

/// <summary>An opaque colour; channels 0 to 255.</summary>
internal readonly record struct Rgb(double R, double G, double B)
{
    /// <summary>Reads <c>#rrggbb</c>, <c>#rgb</c>, <c>rgb(…)</c> and <c>rgba(…)</c> (alpha ignored); null for anything else.</summary>
    public static Rgb? Parse(string text)
    {
        if (text.StartsWith('#') && text.Length == 4) text = $"#{text[1]}{text[1]}{text[2]}{text[2]}{text[3]}{text[3]}";
        if (text.StartsWith('#') && text.Length >= 7 && int.TryParse(text.AsSpan(1, 6), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hex))
            return new(hex >> 16, hex >> 8 & 255, hex & 255);
        if (!text.StartsWith("rgb", StringComparison.Ordinal)) return null;
        var parts = text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..].TrimEnd(')').Split(',');
        double[] channels = [.. parts.Take(3).Select(p => double.TryParse(p, CultureInfo.InvariantCulture, out var v) ? v : double.NaN)];
        return channels.Length == 3 && channels.All(double.IsFinite) ? new(channels[0], channels[1], channels[2]) : null;
    }

    public Rgb Mix(Rgb other, double share) =>
        new(R + (other.R - R) * share, G + (other.G - G) * share, B + (other.B - B) * share);

    /// <summary>Black or white, whichever is read better on this colour (WCAG relative luminance; they tie at 0.179).</summary>
    public string Ink
    {
        get
        {
            static double Linear(double channel) => channel / 255 <= 0.04045 ? channel / 255 / 12.92 : Math.Pow((channel / 255 + 0.055) / 1.055, 2.4);
            return 0.2126 * Linear(R) + 0.7152 * Linear(G) + 0.0722 * Linear(B) > 0.179 ? "#111111" : "#ffffff";
        }
    }

    public override string ToString() => $"#{(int)Math.Round(R):x2}{(int)Math.Round(G):x2}{(int)Math.Round(B):x2}";
}
