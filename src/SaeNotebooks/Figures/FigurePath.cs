using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;

namespace SaeNotebooks.Figures;

/// <summary>Plotly's attribute paths, <c>yaxis.title.text</c> or <c>annotations[0].text</c>, in figure JSON.</summary>
internal static class FigurePath
{
    public static JsonNode? Get(JsonNode? root, string path)
    {
        foreach (var step in Split(path))
        {
            root = root switch
            {
                JsonObject o => o[step],
                JsonArray a when int.TryParse(step, out var i) && i < a.Count => a[i],
                _ => null,
            };
            if (root is null) return null;
        }
        return root;
    }

    /// <summary>Sets the value at the path, making the objects on the way; null removes the attribute.</summary>
    public static void Set(JsonObject root, string path, JsonNode? value)
    {
        var steps = Split(path);
        JsonNode at = root;
        for (var i = 0; i < steps.Length - 1; i++) at = Step(at, steps[i], path, nextIsIndex: int.TryParse(steps[i + 1], out _));
        if (at is JsonArray array) Grow(array, steps[^1], path)[int.Parse(steps[^1], CultureInfo.InvariantCulture)] = value;
        else if (at is not JsonObject o) throw Misfit(at, steps[^1], path);
        else if (value is null) o.Remove(steps[^1]);
        else o[steps[^1]] = value;
    }

    /// <summary>Numbers, texts, truth values and sequences of them, as plotly reads them: not-a-number and infinity become null.</summary>
    public static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        JsonNode node => node.DeepClone(),
        string text => JsonValue.Create(text),
        bool truth => JsonValue.Create(truth),
        float single => ToJson(float.IsFinite(single) ? Values.Shortest(single) : double.NaN),
        double number => double.IsFinite(number) ? JsonValue.Create(number) : null,
        IConvertible number => JsonValue.Create(number.ToDouble(CultureInfo.InvariantCulture)),
        IEnumerable sequence => new JsonArray([.. sequence.Cast<object?>().Select(ToJson)]),
        _ => throw new ArgumentException($"A figure holds numbers, texts, truth values and sequences of them, not {value.GetType().Name}."),
    };

    private static JsonNode Step(JsonNode at, string step, string path, bool nextIsIndex)
    {
        if (at is JsonArray array)
            return Grow(array, step, path)[int.Parse(step, CultureInfo.InvariantCulture)] ??= nextIsIndex ? new JsonArray() : new JsonObject();
        if (at is not JsonObject o) throw Misfit(at, step, path);
        // Plotly takes a bare text for a title; an attribute below it turns that into an object.
        if (o[step] is JsonValue bare && step == "title") o[step] = new JsonObject { ["text"] = bare.DeepClone() };
        return o[step] ??= nextIsIndex ? new JsonArray() : new JsonObject();
    }

    private static JsonArray Grow(JsonArray array, string step, string path)
    {
        if (!int.TryParse(step, out var index) || index > array.Count)
            throw new ArgumentException($"'{path}' does not fit this figure: there are {array.Count} entries, so [{step}] names none and is not the next.");
        if (index == array.Count) array.Add((JsonNode?)null);
        return array;
    }

    private static ArgumentException Misfit(JsonNode at, string step, string path) =>
        new($"'{path}' does not fit this figure: above '{step}' stands the value {at.ToJsonString()}.");

    private static string[] Split(string path) =>
        path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.');
}
