namespace SaeNotebooks.Display;

/// <summary>
/// Recognised by name by .NET Interactive's formatting library, which so finds the formatters of a type without this library
/// having to reference it.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes
    {
        get => ForHost(field, AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetName().Name));
        set;
    } = [MimeTypes.Html, MimeTypes.Text];

    /// <summary>
    /// .NET Interactive's Jupyter side sends every MIME type but application/json as a text, and front ends that prefer plotly's
    /// JSON to HTML then find a text where they need an object; there the HTML alone carries the chart.
    /// </summary>
    internal static string[] ForHost(string[] mimeTypes, IEnumerable<string?> assemblies) =>
        assemblies.Contains("Microsoft.DotNet.Interactive.Jupyter") ? [.. mimeTypes.Where(m => m != MimeTypes.Plotly)] : mimeTypes;
}

/// <summary>The formatters of every <see cref="IDisplayable"/>; made and called by reflection.</summary>
internal sealed class FormatterSource
{
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new DisplayFormatter(MimeTypes.Html, d => d.ToHtml()),
        new DisplayFormatter(MimeTypes.Plotly, d => d.ToPlotlyJson()),
        new DisplayFormatter(MimeTypes.Widget, d => (d as IWidgetView)?.ToWidgetJson()),
        new DisplayFormatter(MimeTypes.Svg, d => d.ToSvg()),
        new DisplayFormatter(MimeTypes.Text, d => d.ToText()),
    ];
}

/// <summary>Writes displayable values as one MIME type; false for values that have none of it.</summary>
internal sealed class DisplayFormatter(string mimeType, Func<IDisplayable, string?> write)
{
    public string MimeType { get; } = mimeType;

    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not IDisplayable displayable || write(displayable) is not { } text) return false;
        writer.Write(text);
        return true;
    }
}
