using SaeNotebooks.Figures;
using SaeNotebooks.Figures.Svg;

namespace SaeNotebooks.Display;

/// <summary>
/// Attention patterns of some heads over a prompt. In a page, a head is chosen by a click, its pattern is read off under the pointer, and a token
/// under the pointer shows what it attends to, or what attends to it. Made by <see cref="Show"/>.
/// </summary>
/// <param name="Tokens">the texts, <c>[pos]</c></param>
/// <param name="Heads">what each head is called</param>
/// <param name="Weights">share of attention between 0 and 1, <c>[head, query pos, key pos]</c>, row-major</param>
[TypeFormatterSource(typeof(FormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Svg, MimeTypes.Text])]
public sealed record AttentionView(IReadOnlyList<string> Tokens, IReadOnlyList<string> Heads, IReadOnlyList<float> Weights) : IDisplayable
{
    private static readonly Rgb Ink = Rgb.Parse(TokenStrip.PositiveColor)!.Value;
    private static readonly (Rgb, double)[] Shades = [.. Enumerable.Range(0, 256).Select(i => (Ink, i / 255.0))];

    /// <summary>How much of a token's attention goes to another, in one head.</summary>
    public float this[int head, int query, int key] => Weights[(head * Tokens.Count + query) * Tokens.Count + key];

    /// <inheritdoc/>
    public string ToHtml() => AttentionHtml.Write(this);

    /// <summary>For each head, how much attention goes to the first token, to the token itself and to the one before it: means over the tokens that
    /// have one before them.</summary>
    public DataTable Summary()
    {
        double Mean(int head, Func<int, int> key) => Tokens.Count < 2 ? 1 : Enumerable.Range(1, Tokens.Count - 1).Average(q => this[head, q, key(q)]);
        return Show.Table(["head", "to the first token", "to itself", "to the one before"],
            Heads.Select((name, h) => (IReadOnlyList<object?>)[name, Mean(h, _ => 0), Mean(h, q => q), Mean(h, q => q - 1)]));
    }

    /// <inheritdoc/>
    public string ToText() => $"Attention of {Heads.Count} heads over {Tokens.Count} tokens: {string.Concat(Tokens.Select(TokenStrip.Visible))}\n{Summary().ToText()}";

    /// <inheritdoc/>
    public override string ToString() => ToText();

    /// <summary>The patterns side by side, queries downwards and keys to the right.</summary>
    public string ToSvg()
    {
        const int Side = 150, Gap = 20, PerRow = 6;
        var (across, down) = (Math.Min(PerRow, Heads.Count), (Heads.Count + PerRow - 1) / PerRow);
        var (width, height) = (across * (Side + Gap), down * (Side + 24 + Gap));
        var svg = new SvgWriter().Open("svg", ("xmlns", "http://www.w3.org/2000/svg"), ("width", width), ("height", height), ("viewBox", $"0 0 {width} {height}"),
            ("font-family", Palette.FontFamily), ("font-size", 12), ("fill", Palette.NeutralText), ("role", "img"), ("aria-label", "Attention patterns"));
        for (var head = 0; head < Heads.Count; head++) Draw(svg, head, head % PerRow * (Side + Gap), head / PerRow * (Side + 24 + Gap), Side);
        return svg.Close("svg").ToString();
    }

    /// <summary>The pattern of a head, a pixel to a pair of tokens, as the address of a picture.</summary>
    internal string Picture(int head) => PngImage.Address(Tokens.Count, Bytes(head), Shades);

    /// <summary>Weights of all heads, 255 for 1.</summary>
    internal byte[] Bytes() => [.. Enumerable.Range(0, Heads.Count).SelectMany(Bytes)];

    private byte[] Bytes(int head) =>
        [.. Enumerable.Range(head * Tokens.Count * Tokens.Count, Tokens.Count * Tokens.Count).Select(i => (byte)Math.Round(255 * Math.Clamp(Weights[i], 0f, 1f)))];

    /// <summary>Cells of a shade are one path; those too faint to see are left out.</summary>
    private void Draw(SvgWriter svg, int head, double left, double top, double side)
    {
        const int Levels = 16;
        var cell = side / Tokens.Count;
        svg.Text(Heads[head], left, top + 14);
        svg.Rect(left, top + 20, side, side, ("fill", "none"), ("stroke", Palette.NeutralText), ("stroke-opacity", 0.5));
        var shades = from query in Enumerable.Range(0, Tokens.Count)
                     from key in Enumerable.Range(0, Tokens.Count)
                     let level = (int)Math.Round(Levels * Math.Clamp(this[head, query, key], 0, 1))
                     where level > 0
                     group $"M{SvgWriter.Number(left + key * cell)} {SvgWriter.Number(top + 20 + (query + 0.5) * cell)}h{SvgWriter.Number(cell)}" by level;
        foreach (var shade in shades)
            svg.Add("path", ("d", string.Concat(shade)), ("stroke", Ink.ToString()), ("stroke-width", cell), ("stroke-opacity", (double)shade.Key / Levels));
    }
}
