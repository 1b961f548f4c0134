using System.Text.Json;
using SaeNotebooks.Checkpoints;

namespace SaeNotebooks.Tokenization.Formats;

/// <summary>A value within a JSON file, which knows where it stands. Every lookup either answers or names the file and the key.</summary>
internal readonly struct JsonSection
{
    private readonly JsonElement _value;
    private readonly string _file, _path;

    private JsonSection(JsonElement value, string file, string path) => (_value, _file, _path) = (value, file, path);

    public JsonValueKind Kind => _value.ValueKind;

    /// <exception cref="CheckpointException">not JSON, or nested deeper than 64 levels</exception>
    public static JsonSection Parse(byte[] content, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return new JsonSection(document.RootElement.Clone(), file, "");
        }
        catch (JsonException e) { throw new CheckpointException(file, null, $"is not valid JSON ({e.Message})", e); }
    }

    public CheckpointException Error(string problem) => new(_file, _path.Length == 0 ? null : _path, problem);

    public CheckpointException Unsupported(string what) => Error($"{what} is not supported");

    public bool Has(string key) => Object().TryGetProperty(key, out _);

    /// <summary>The value under a key; null if it is absent or null.</summary>
    public JsonSection? Optional(string key) =>
        Object().TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? new JsonSection(value, _file, PathOf(key)) : null;

    public JsonSection Required(string key) => Optional(key) ?? throw new CheckpointException(_file, PathOf(key), "is missing");

    public string Text() => _value.ValueKind == JsonValueKind.String ? _value.GetString()! : throw Error("expected text");

    public bool Flag() => _value.ValueKind is JsonValueKind.True or JsonValueKind.False ? _value.GetBoolean() : throw Error("expected true or false");

    public bool Flag(string key, bool otherwise = false) => Optional(key)?.Flag() ?? otherwise;

    public int Whole() => _value.ValueKind == JsonValueKind.Number && _value.TryGetInt32(out var number) ? number : throw Error("expected a whole number");

    public IEnumerable<JsonSection> Items()
    {
        if (_value.ValueKind != JsonValueKind.Array) throw Error("expected a list");
        var section = this;
        return _value.EnumerateArray().Select((item, i) => new JsonSection(item, section._file, $"{section._path}[{i}]"));
    }

    public IEnumerable<(string Key, JsonSection Value)> Entries()
    {
        var section = this;
        return Object().EnumerateObject().Select(p => (p.Name, new JsonSection(p.Value, section._file, section.PathOf(p.Name))));
    }

    private JsonElement Object() => _value.ValueKind == JsonValueKind.Object ? _value : throw Error("expected an object");

    private string PathOf(string key) => _path.Length == 0 ? key : $"{_path}.{key}";
}
