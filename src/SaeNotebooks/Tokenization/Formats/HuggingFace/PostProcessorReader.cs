namespace SaeNotebooks.Tokenization.Formats.HuggingFace;

/// <summary>Reads <c>post_processor</c>: the one token that it puts before a text, or null for none.</summary>
internal static class PostProcessorReader
{
    private static readonly Dictionary<string, Func<JsonSection, int?>> Types = new()
    {
        ["Sequence"] = ReadSequence,
        ["ByteLevel"] = _ => null, // only trims offsets
        ["TemplateProcessing"] = ReadTemplate,
    };

    public static int? Read(JsonSection? section) => section is { } s ? Component.Read(s, Types) : null;

    private static int? ReadSequence(JsonSection section)
    {
        var tokens = section.Required("processors").Items().Select(p => Read(p)).Where(id => id is not null).ToList();
        return tokens.Count <= 1 ? tokens.FirstOrDefault() : throw section.Unsupported("more than one token before the text");
    }

    private static int? ReadTemplate(JsonSection section)
    {
        var items = section.Required("single").Items().Select(item => item.Entries().FirstOrDefault()).ToList();
        if (items is [{ Key: "Sequence" }]) return null;
        if (items is not [{ Key: "SpecialToken" } first, { Key: "Sequence" }])
            throw section.Unsupported("a template other than one token before the text");
        var ids = section.Required("special_tokens").Required(first.Value.Required("id").Text()).Required("ids").Items().ToList();
        return ids is [var id] ? id.Whole() : throw section.Unsupported("a template with several tokens before the text");
    }
}
