using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace SaeNotebooks.Kernel.Assistance;

/// <summary>XML documentation as plain text.</summary>
internal static partial class DocumentationText
{
    /// <summary>What the documentation says under the given tag, such as "summary"; empty if nothing.</summary>
    /// <param name="xml">The documentation of one member.</param>
    /// <param name="tag">The element's name.</param>
    /// <param name="name">The value of its name attribute, for a "param".</param>
    public static string Of(string? xml, string tag, string? name = null)
    {
        if (string.IsNullOrEmpty(xml)) return "";
        try
        {
            // A member may come as an element or as what is inside it.
            var element = XElement.Parse($"<documentation>{xml}</documentation>").Descendants(tag)
                .FirstOrDefault(element => name is null || (string?)element.Attribute("name") == name);
            return element is null ? "" : SpacePattern().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();
        }
        catch (XmlException)
        {
            return "";
        }
    }

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement element when Target(element) is { } target => target,
        XElement element => string.Concat(element.Nodes().Select(Text)) + (element.Name == "para" ? " " : ""),
        _ => "",
    };

    // <see cref="M:System.Math.Abs(System.Int32)"/> is Abs; <see langword="null"/> is null; <paramref name="x"/> is x
    private static string? Target(XElement element) =>
        (string?)element.Attribute("langword") ?? (element.IsEmpty ? (string?)element.Attribute("name") ?? (string?)element.Attribute("href") : null)
        ?? (element.IsEmpty && (string?)element.Attribute("cref") is { } reference ? NamePattern().Match(reference).Groups[1].Value : null);

    [GeneratedRegex(@"\s+")]
    private static partial Regex SpacePattern();

    [GeneratedRegex(@"([^.:(`]+)(?:`+\d+)?(?:\(.*)?$")]
    private static partial Regex NamePattern();
}
