using SaeNotebooks.Display;

namespace SaeNotebooks.Controls;

/// <summary>What stands below controls, marked so that they find it in a page.</summary>
/// <param name="Id">of the controls</param>
/// <param name="Shown">the result</param>
[TypeFormatterSource(typeof(FormatterSource))]
internal sealed record LiveResult(string Id, IDisplayable Shown) : IDisplayable
{
    // An output is updated as the MIME types that it was first shown as, so a result without a picture leaves an empty one.
    private const string NoPicture = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>";

    public string ToHtml() => $"<div data-sae-result=\"{Id}\">{Shown.ToHtml()}</div>";

    public string ToText() => Shown.ToText();

    public string? ToSvg() => Shown.ToSvg() ?? NoPicture;
}
