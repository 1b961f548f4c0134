using SaeNotebooks.Figures;
using SaeNotebooks.Figures.Svg;
using static TorchSharp.torch;

namespace SaeNotebooks.Display;

/// <summary>What a tensor holds, at a glance: shape, dtype, device, statistics, and a small heat map. A snapshot without native memory.</summary>
/// <remarks>Of a large tensor evenly spread elements are looked at, which the text says, so that it costs milliseconds whatever the size.</remarks>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed record TensorSummary : IDisplayable
{
    private const int MostListed = 10;
    private const string Gone = "tensor that has been disposed of";
    private readonly TensorSample? _sample;

    private TensorSummary(string what, TensorSample? sample) => (What, _sample) = (what, sample);

    /// <summary>Shape, dtype, device and size, such as "[1, 5, 192] float32 on cpu, 3.84 kB".</summary>
    public string What { get; }

    /// <summary>Numbers about the elements; null of a tensor that has none, or whose elements are not real numbers.</summary>
    public TensorStatistics? Statistics => _sample?.Statistics;

    /// <summary>Looks at a tensor of any shape, dtype and device; it stays the caller's.</summary>
    public static TensorSummary Of(Tensor tensor) => new(Describe(tensor),
        tensor.IsInvalid || tensor.numel() == 0 || tensor.is_complex() || tensor.device_type == TorchSharp.DeviceType.META ? null : TensorSample.Of(tensor));

    /// <summary>Shape, dtype, device and size in a line.</summary>
    internal static string Describe(Tensor tensor) => tensor.IsInvalid ? Gone
        : $"[{string.Join(", ", tensor.shape)}] {tensor.dtype.ToString().ToLowerInvariant()} on {tensor.device}, {Html.Bytes(tensor.numel() * tensor.element_size())}";

    /// <inheritdoc/>
    public string ToHtml() => new Card(Title, Facts) { Picture = Picture() }.ToHtml();

    /// <inheritdoc/>
    public string ToText() => new Card(Title, Facts).ToText();

    /// <inheritdoc/>
    public override string ToString() => ToText();

    private string Title => What == Gone ? "A " + Gone : $"Tensor {What}";

    private IReadOnlyList<(string, object?)> Facts => Statistics is not { } s ? [] :
    [
        ("values", _sample!.IsWhole && s.Count <= MostListed ? string.Join(", ", _sample.Values.Select(Html.Number)) : null),
        ("range", s.Count > 1 && s.Finite > 0 ? $"{Html.Number(s.Low)} to {Html.Number(s.High)}" : null),
        ("mean ± sd", s.Count > 1 && s.Finite > 0 ? $"{Html.Number(s.Mean)} ± {Html.Number(s.Deviation)}" : null),
        ("zeros", s.Zeros > 0 ? $"{100.0 * s.Zeros / s.Count:0.#} %" : null),
        ("not finite", s.NotANumber + s.Infinite > 0 ? $"{s.NotANumber:N0} NaN, {s.Infinite:N0} infinite" : null),
        ("looked at", _sample!.IsWhole ? null : $"{s.Count:N0} elements, evenly spread"),
    ];

    private string Picture()
    {
        if (_sample is not { Values.Length: > 1 } sample || Statistics is not { Finite: > 0 } s) return "";
        var map = sample.Picture();
        var (low, high) = s.Low < 0 ? (-map.Limit, map.Limit) : s.Low < map.Limit ? (s.Low, map.Limit) : (s.Low - 0.5, s.Low + 0.5);
        var scale = ColorScale.Of(s.Low < 0 ? Palette.Diverging : Palette.Sequential, low, high);
        // The last colour is that of values which are not finite: none.
        (Rgb, double)[] palette = [.. Enumerable.Range(0, 255).Select(i => (scale.Of(low + (high - low) * i / 254), 1.0)), (new Rgb(0, 0, 0), 0.0)];
        byte[] pixels = [.. map.Values.Select(v => double.IsFinite(v) ? (byte)Math.Clamp(Math.Round(254 * (v - low) / (high - low)), 0, 254) : (byte)255)];
        var key = $"{map.Caption}, colours from {Html.Number(low)} to {Html.Number(high)}";
        var size = Math.Clamp(Math.Min(480 / map.Columns, 240 / (map.Values.Length / map.Columns)), 2, 14);
        return $"<img alt=\"{Html.Encode(key)}\" title=\"{Html.Encode(key)}\" src=\"{PngImage.Address(map.Columns, pixels, palette)}\" " +
            $"style=\"image-rendering:pixelated;width:{map.Columns * size}px;height:{map.Values.Length / map.Columns * size}px;max-width:100%;border:1px solid rgba(128,128,128,.35)\">" +
            $"<div style=\"font-size:12px;opacity:.7\">{Html.Encode(key)}</div>";
    }
}
