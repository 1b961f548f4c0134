using System.Text.Json;
using System.Text.RegularExpressions;
using SaeNotebooks.Checkpoints;

namespace SaeNotebooks.Tokenization;

/// <summary>Reads HuggingFace's <c>tokenizer.json</c> schema into the parts of a byte-level BPE, refusing what the parts cannot
/// express.</summary>
internal static class TokenizerJson
{
    public static ByteLevelBpeParts Read(JsonElement root, string path)
    {
        CheckpointException Unsupported(string key, string what) => new(path, key, $"{what} is not supported");
        var model = root.GetProperty("model");
        RequireByteLevelModel(model, Unsupported);
        var added = root.TryGetProperty("added_tokens", out var list) ? list.EnumerateArray().Select(t => ReadAdded(t, Unsupported))
            .ToList() : [];
        var patterns = new List<Regex>();
        var isByteLevel = ReadPreTokenizer(root.GetProperty("pre_tokenizer"), patterns, Unsupported);
        if (!isByteLevel) throw Unsupported("pre_tokenizer", "a tokenizer that does not work on bytes");
        var (bos, addsBos) = ReadPostProcessor(Section(root, "post_processor"), added, Unsupported);
        return new ByteLevelBpeParts(
            model.GetProperty("vocab").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32()),
            [.. model.GetProperty("merges").EnumerateArray().Select(ReadMerge)], added, new PreTokenizer(patterns),
            ReadNormalizer(Section(root, "normalizer"), Unsupported), Flag(model, "ignore_merges"), bos, addsBos);
    }

    private static void RequireByteLevelModel(JsonElement model, Func<string, string, CheckpointException> unsupported)
    {
        // Older files leave the type out; a list of merges then tells BPE from the others.
        var type = model.TryGetProperty("type", out var t) ? t.GetString() : model.TryGetProperty("merges", out _) ? "BPE" : "unknown";
        if (type != "BPE") throw unsupported("model.type", $"'{type}'");
        if (Flag(model, "byte_fallback")) throw unsupported("model.byte_fallback", "byte fallback (SentencePiece-style BPE)");
        foreach (var key in new[] { "dropout", "continuing_subword_prefix", "end_of_word_suffix" })
            if (Section(model, key) is { } value && !(value.ValueKind == JsonValueKind.String
                && value.GetString() == "")) throw unsupported($"model.{key}", value.ToString());
    }

    private static AddedToken ReadAdded(JsonElement token, Func<string, string, CheckpointException> unsupported)
    {
        var content = token.GetProperty("content").GetString()!;
        foreach (var key in new[] { "single_word", "lstrip", "rstrip" })
            if (Flag(token, key)) throw unsupported("added_tokens", $"'{key}' of '{content}'");
        return new AddedToken(token.GetProperty("id").GetInt32(), content, Flag(token, "special"), Flag(token, "normalized"));
    }

    /// <summary>Gathers the patterns; says whether the text ends as bytes.</summary>
    private static bool ReadPreTokenizer(JsonElement step, List<Regex> patterns, Func<string, string, CheckpointException> unsupported)
    {
        switch (step.ValueKind == JsonValueKind.Object ? step.GetProperty("type").GetString() : null)
        {
            case "Sequence":
                var isByteLevel = false;
                foreach (var inner in step.GetProperty("pretokenizers").EnumerateArray()) isByteLevel |= ReadPreTokenizer(inner, patterns, unsupported);
                return isByteLevel;
            case "ByteLevel":
                if (Flag(step, "add_prefix_space")) throw unsupported("pre_tokenizer", "'add_prefix_space'");
                if (!step.TryGetProperty("use_regex", out var use)
                    || use.GetBoolean()) patterns.Add(TokenizerFile.Pattern(PreTokenizer.Gpt2Pattern));
                return true;
            case "Split":
                if (step.GetProperty("behavior").GetString() != "Isolated" || Flag(step, "invert")) throw unsupported("pre_tokenizer",
                    $"'Split' other than 'Isolated'");
                patterns.Add(ReadPattern(step.GetProperty("pattern"), unsupported));
                return false;
            case var other:
                throw unsupported("pre_tokenizer", $"'{other ?? "null"}'");
        }
    }

    private static Regex ReadPattern(JsonElement pattern, Func<string, string, CheckpointException> unsupported)
    {
        if (pattern.TryGetProperty("String", out var literal)) return TokenizerFile.Pattern(Regex.Escape(literal.GetString()!));
        var text = pattern.GetProperty("Regex").GetString()!;
        try { return TokenizerFile.Pattern(text); }
        catch (ArgumentException e) { throw unsupported("pre_tokenizer", $"the pattern {text} ({e.Message})"); }
    }

    private static bool ReadNormalizer(JsonElement? normalizer, Func<string, string, CheckpointException> unsupported) =>
        normalizer?.GetProperty("type").GetString() switch
    {
        null => false,
        "NFC" => true,
        "Sequence" when normalizer.Value.GetProperty("normalizers").GetArrayLength() == 0 => false,
        var other => throw unsupported("normalizer", $"'{other}'"),
    };

    /// <summary>The token that a template puts first; where there is no template, a special token that carries the usual name.</summary>
    private static (int? Bos, bool AddsBos) ReadPostProcessor(JsonElement? processor, List<AddedToken> added, Func<string, string, CheckpointException> unsupported)
    {
        switch (processor?.GetProperty("type").GetString())
        {
            case null or "ByteLevel":
                string[] usual = ["<|begin_of_text|>", "<bos>", "<s>", "<|bos|>", "<|endoftext|>"];
                return (usual.Select(name => added.Find(t => t.IsSpecial && t.Content == name)?.Id).FirstOrDefault(id =>
                    id is not null), false);
            case "Sequence":
                var inner = processor.Value.GetProperty("processors").EnumerateArray().ToList();
                var template = inner.FindIndex(p => p.GetProperty("type").GetString() != "ByteLevel");
                return ReadPostProcessor(template < 0 ? null : inner[template], added, unsupported);
            case "TemplateProcessing":
                return ReadTemplate(processor.Value, unsupported);
            case var other:
                throw unsupported("post_processor", $"'{other}'");
        }
    }

    private static (int? Bos, bool AddsBos) ReadTemplate(JsonElement template, Func<string, string, CheckpointException> unsupported)
    {
        var items = template.GetProperty("single").EnumerateArray().Select(i => i.EnumerateObject().Single()).ToList();
        if (items.Count == 1 && items[0].Name == "Sequence") return (null, false);
        if (items is not [{ Name: "SpecialToken" } first, { Name: "Sequence" }]) throw unsupported("post_processor",
            "a template other than one token before the text");
        var ids = template.GetProperty("special_tokens").GetProperty(first.Value.GetProperty("id").GetString()!).GetProperty("ids");
        return ids.GetArrayLength() == 1 ? (ids[0].GetInt32(), true) : throw unsupported("post_processor",
            "a template with several tokens before the text");
    }

    private static string ReadMerge(JsonElement merge) =>
        merge.ValueKind == JsonValueKind.String ? merge.GetString()! : $"{merge[0].GetString()} {merge[1].GetString()}";

    private static bool Flag(JsonElement element, string key) => Section(element, key) is { ValueKind: JsonValueKind.True };

    private static JsonElement? Section(JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
