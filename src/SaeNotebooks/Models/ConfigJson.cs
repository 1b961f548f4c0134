using System.Text.Json;
using SaeNotebooks.Checkpoints;

namespace SaeNotebooks.Models;

/// <summary>A checkpoint's <c>config.json</c>, or one object inside it. Every lookup either answers or names the file and the
/// key.</summary>
internal sealed class ConfigJson
{
    private readonly JsonElement _object;
    private readonly string _prefix;

    private ConfigJson(string path, JsonElement value, string prefix) => (Path, _object, _prefix) = (path, value, prefix);

    public string Path { get; }

    public static ConfigJson Load(string path)
    {
        if (!File.Exists(path)) throw new CheckpointException(path, null,
            "no such file; expected the configuration of a HuggingFace checkpoint");
        using var document = CheckedJson.Parse(File.ReadAllBytes(path), path);
        if (document.RootElement.ValueKind == JsonValueKind.Object) return new ConfigJson(path, document.RootElement.Clone(), "");
        throw new CheckpointException(path, null, "expected a JSON object");
    }

    public CheckpointException Error(string key, string problem) => new(Path, _prefix + key, problem);

    /// <summary>Whether the key is there with a value other than null.</summary>
    public bool Has(string key) => _object.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Whether the key holds exactly this truth value; keys that may hold a name or true do occur.</summary>
    public bool IsFlag(string key, bool value) =>
        _object.TryGetProperty(key, out var found) && found.ValueKind == (value ? JsonValueKind.True : JsonValueKind.False);

    public ConfigJson? Object(string key)
    {
        if (!Has(key)) return null;
        var value = _object.GetProperty(key);
        return value.ValueKind == JsonValueKind.Object
            ? new ConfigJson(Path, value, $"{_prefix}{key}.")
            : throw Error(key, "expected an object");
    }

    public string Text(string key, string? otherwise = null) =>
        Get(key, otherwise, v => v.ValueKind == JsonValueKind.String ? v.GetString() : null, "a string");

    public bool Flag(string key, bool otherwise) =>
        Has(key) ? _object.GetProperty(key).ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Error(key, "expected true or false"),
        } : otherwise;

    /// <summary>A positive size.</summary>
    public int Size(string key, int? otherwise = null) =>
        Get(key, otherwise, v => v.ValueKind == JsonValueKind.Number && v.TryGetInt32(out var n) && n > 0 ? n : null, "a positive integer");

    public double Number(string key, double? otherwise = null) =>
        Get(key, otherwise, v => v.ValueKind == JsonValueKind.Number ? v.GetDouble() : null, "a number");

    /// <summary>A number, or null where the configuration says null; the key itself must be there.</summary>
    public double? NumberOrNull(string key)
    {
        if (Has(key)) return Number(key);
        return _object.TryGetProperty(key, out _) ? null : throw Error(key, "missing; expected a number or null");
    }

    /// <summary>A list of strings; null if the key is absent.</summary>
    public IReadOnlyList<string>? Texts(string key)
    {
        if (!Has(key)) return null;
        var value = _object.GetProperty(key);
        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(v => v.GetString()!)]
            : throw Error(key, "expected a list of strings");
    }

    /// <summary>A token id, or several; empty if the key is absent.</summary>
    public IReadOnlyList<int> TokenIds(string key)
    {
        if (!Has(key)) return [];
        var value = _object.GetProperty(key);
        var items = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value];
        return [.. items.Select(item =>
            item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var id) ? id : throw Error(key, "expected token ids"))];
    }

    private T Get<T>(string key, T? otherwise, Func<JsonElement, T?> read, string expected) where T : struct
    {
        if (!Has(key)) return otherwise ?? throw Error(key, $"missing; expected {expected}");
        return read(_object.GetProperty(key)) ?? throw Error(key, $"is {_object.GetProperty(key)}, expected {expected}");
    }

    private string Get(string key, string? otherwise, Func<JsonElement, string?> read, string expected)
    {
        if (!Has(key)) return otherwise ?? throw Error(key, $"missing; expected {expected}");
        return read(_object.GetProperty(key)) ?? throw Error(key, $"is {_object.GetProperty(key)}, expected {expected}");
    }
}
