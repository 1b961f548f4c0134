using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive;

namespace SaeNotebooks.Kernel.Session;

/// <summary>The "data" of display messages: one entry per MIME type.</summary>
internal static class MimeBundle
{
    /// <summary>Builds the bundle. JSON types go in as JSON, for front ends do not parse strings.</summary>
    public static JsonObject From(IEnumerable<FormattedValue> values)
    {
        var bundle = new JsonObject();
        foreach (var (mimeType, value) in values) bundle[mimeType] = IsJson(mimeType) ? Parse(mimeType, value) : value;
        return bundle;
    }

    private static bool IsJson(string mimeType) => mimeType == "application/json" || mimeType.EndsWith("+json", StringComparison.Ordinal);

    private static JsonNode? Parse(string mimeType, string value)
    {
        try
        {
            return JsonNode.Parse(value);
        }
        catch (JsonException error)
        {
            throw new FormatException($"A formatter for {mimeType} did not write JSON: {error.Message}", error);
        }
    }
}
