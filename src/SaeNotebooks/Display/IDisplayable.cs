namespace SaeNotebooks.Display;

/// <summary>
/// A value that shows itself in a notebook. Notebook hosts reach it by convention: .NET Interactive and kernels on its
/// formatting library through the formatters of this assembly (mark the type with
/// <c>[TypeFormatterSource(typeof(FormatterSource))]</c>), others by calling <see cref="ToHtml"/>.
/// </summary>
public interface IDisplayable
{
    /// <summary>HTML that reads well on light and dark pages and needs no network.</summary>
    string ToHtml();

    /// <summary>The same in plain text, for terminals, logs and screen readers.</summary>
    string ToText();

    /// <summary>The same as a standalone SVG picture; null when there is none.</summary>
    string? ToSvg() => null;

    /// <summary>The same as plotly figure JSON; null when it is no chart.</summary>
    string? ToPlotlyJson() => null;
}

/// <summary>A value that a front end with Jupyter's widgets shows as one of them.</summary>
internal interface IWidgetView
{
    /// <summary>The view's JSON, which names the model; null when there is no model to view.</summary>
    string? ToWidgetJson();
}

/// <summary>MIME types of what a displayable value gives.</summary>
internal static class MimeTypes
{
    public const string Html = "text/html";
    public const string Text = "text/plain";
    public const string Svg = "image/svg+xml";
    public const string Widget = "application/vnd.jupyter.widget-view+json";
    public const string Plotly = "application/vnd.plotly.v1+json";
}
