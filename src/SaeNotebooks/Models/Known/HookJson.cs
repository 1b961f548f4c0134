using System.Text.Json;
using System.Text.Json.Serialization;
using SaeNotebooks.Hooks;

namespace SaeNotebooks.Models.Known;

/// <summary>A hook by its TransformerLens name.</summary>
internal sealed class HookJson : JsonConverter<HookName>
{
    public override HookName Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        HookName.TryParse(reader.GetString(), out var hook) ? hook : throw new JsonException($"'{reader.GetString()}' is no hook");

    public override void Write(Utf8JsonWriter writer, HookName value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
