using System.Globalization;
using System.Text;

namespace SaeNotebooks.Figures.Svg;

/// <summary>Writes SVG elements; every text is escaped and every coordinate rounded to a hundredth of a pixel.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder _out = new();

    public SvgWriter Open(string element, params (string Name, object? Value)[] attributes) => Tag(element, attributes, ">\n");

    public SvgWriter Close(string element)
    {
        _out.Append("</").Append(element).Append(">\n");
        return this;
    }

    /// <summary>A rectangle whose description appears under the pointer.</summary>
    public SvgWriter Described(string title, double x, double y, double width, double height, params (string Name, object? Value)[] attributes)
    {
        Open("rect", [("x", x), ("y", y), ("width", width), ("height", height), .. attributes]);
        _out.Append("<title>").Append(Escape(title)).Append("</title>");
        return Close("rect");
    }

    public SvgWriter Add(string element, params (string Name, object? Value)[] attributes) => Tag(element, attributes, "/>\n");

    public SvgWriter Text(string text, double x, double y, params (string Name, object? Value)[] attributes)
    {
        Tag("text", [("x", x), ("y", y), .. attributes], ">");
        _out.Append(Escape(text)).Append("</text>\n");
        return this;
    }

    public SvgWriter Line(double x1, double y1, double x2, double y2, params (string Name, object? Value)[] attributes) =>
        Add("line", [("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2), .. attributes]);

    public SvgWriter Rect(double x, double y, double width, double height, params (string Name, object? Value)[] attributes) =>
        Add("rect", [("x", x), ("y", y), ("width", Math.Max(0, width)), ("height", Math.Max(0, height)), .. attributes]);

    public override string ToString() => _out.ToString();

    public static string Number(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Escapes markup, and replaces the control characters that XML cannot hold by a visible sign.</summary>
    public static string Escape(string text)
    {
        var clean = string.Concat(text.Select(c => System.Xml.XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '\uFFFD'));
        return Display.Html.Encode(clean);
    }

    private SvgWriter Tag(string element, (string Name, object? Value)[] attributes, string end)
    {
        _out.Append('<').Append(element);
        foreach (var (name, value) in attributes)
        {
            if (value is null) continue;
            var text = value switch { double d => Number(d), int i => i.ToString(CultureInfo.InvariantCulture), _ => Escape(value.ToString()!) };
            _out.Append(' ').Append(name).Append("=\"").Append(text).Append('"');
        }
        _out.Append(end);
        return this;
    }
}
