namespace SaeNotebooks.Tokenization.Formats.HuggingFace;

/// <summary>What the typed objects of <c>tokenizer.json</c> have in common.</summary>
internal static class Component
{
    /// <summary>Reads an object with the reader for its <c>type</c>.</summary>
    public static T Read<T>(JsonSection section, IReadOnlyDictionary<string, Func<JsonSection, T>> types)
    {
        var type = section.Required("type").Text();
        return types.TryGetValue(type, out var read) ? read(section)
            : throw section.Error($"'{type}' is not supported; supported are {string.Join(", ", types.Keys)}");
    }

    /// <summary>A value that names one of a few choices.</summary>
    public static T Name<T>(JsonSection section) where T : struct, Enum =>
        Enum.GetValues<T>().Where(v => v.ToString().Equals(section.Text(), StringComparison.OrdinalIgnoreCase)).Select(v => (T?)v)
            .FirstOrDefault() ?? throw section.Unsupported($"'{section.Text()}'");

    /// <summary>A text of one UTF-16 code unit.</summary>
    public static char Character(JsonSection section) =>
        section.Text() is [var single] ? single : throw section.Unsupported($"'{section.Text()}' (expected one character)");
}
