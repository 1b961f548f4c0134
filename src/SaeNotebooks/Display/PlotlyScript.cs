using SaeNotebooks.Figures;

namespace SaeNotebooks.Display;

/// <summary>plotly.js, as Plotly.NET carries it (MIT licence, © Plotly, Inc.), and how it is put into a page.</summary>
public static class PlotlyScript
{
    /// <summary>The attribute that marks the script element which holds plotly.js, so that it can be found and taken out of a notebook.</summary>
    public const string Marker = "data-saenotebooks=\"plotly\"";

    /// <summary>The source of plotly.js (about 3.5 MB).</summary>
    /// <exception cref="FileNotFoundException">the chart plug-in has not been built</exception>
    public static string Read() => ChartPlugin.Builder.PlotlyJs();

    /// <summary>
    /// A script element that defines <c>window.Plotly</c> once. Module loaders are hidden from it, for where one is present
    /// (Jupyter's require.js) plotly.js would register there instead.
    /// </summary>
    public static string Wrap(string source)
    {
        var safe = source.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase).Replace("<!--", "<\\!--", StringComparison.Ordinal);
        return $"<script {Marker}>\n(function (define, module, exports) {{ if (window.Plotly) return;\n{safe}\n}}).call(window);\n</script>";
    }
}
