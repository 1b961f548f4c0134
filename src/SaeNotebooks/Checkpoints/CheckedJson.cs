using System.Text.Json;

namespace SaeNotebooks.Checkpoints;

/// <summary>Parses JSON that comes from outside. <see cref="JsonDocument"/> looks into a string only when it is asked for, so what is no text would surface later
/// and nameless.</summary>
internal static class CheckedJson
{
    /// <param name="json">in UTF-8</param>
    /// <param name="file">for errors</param>
    /// <param name="what">the part of the file that it is, as the beginning of a sentence; by default all of it</param>
    /// <exception cref="CheckpointException">not JSON, or a name or value with bytes that are no UTF-8 or with a lone surrogate</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json, string file, string what = "")
    {
        try
        {
            RequireText(json.Span);
            return JsonDocument.Parse(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CheckpointException(file, null, $"{what}not valid JSON ({e.Message})", e);
        }
    }

    private static void RequireText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) reader.GetString();
    }
}
