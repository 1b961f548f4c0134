using System.Text.Json.Nodes;

namespace SaeNotebooks.Training.Bpe;

/// <summary>The content of <c>tokenizer.json</c> in the schema of HuggingFace's tokenizers library, version 1.0.</summary>
internal static class TokenizerJson
{
    public static JsonObject Build(BpeVocabulary vocabulary) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray([.. BpeVocabulary.SpecialTokens.Select(AddedToken)]),
        ["normalizer"] = null,
        ["pre_tokenizer"] = PreTokenizer(),
        ["post_processor"] = PostProcessor(),
        ["decoder"] = ByteLevel(),
        ["model"] = Model(vocabulary),
    };

    private static JsonNode AddedToken(string content, int id) => new JsonObject
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };

    private static JsonObject PreTokenizer() => new()
    {
        ["type"] = "Sequence",
        ["pretokenizers"] = new JsonArray(
            new JsonObject
            {
                ["type"] = "Split",
                ["pattern"] = new JsonObject { ["Regex"] = WordCounts.Pattern },
                ["behavior"] = "Isolated",
                ["invert"] = false,
            },
            ByteLevel()),
    };

    private static JsonObject ByteLevel() => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = false,
        ["trim_offsets"] = true,
        ["use_regex"] = false,
    };

    /// <summary>Puts the BOS token before every sequence.</summary>
    private static JsonObject PostProcessor() => new()
    {
        ["type"] = "TemplateProcessing",
        ["single"] = new JsonArray(Special(0), Sequence("A", 0)),
        ["pair"] = new JsonArray(Special(0), Sequence("A", 0), Special(1), Sequence("B", 1)),
        ["special_tokens"] = new JsonObject
        {
            [BpeVocabulary.Bos] = new JsonObject
            {
                ["id"] = BpeVocabulary.Bos,
                ["ids"] = new JsonArray(0),
                ["tokens"] = new JsonArray(BpeVocabulary.Bos),
            },
        },
    };

    private static JsonObject Special(int type) =>
        new() { ["SpecialToken"] = new JsonObject { ["id"] = BpeVocabulary.Bos, ["type_id"] = type } };

    private static JsonObject Sequence(string id, int type) =>
        new() { ["Sequence"] = new JsonObject { ["id"] = id, ["type_id"] = type } };

    private static JsonObject Model(BpeVocabulary vocabulary) => new()
    {
        ["type"] = "BPE",
        ["dropout"] = null,
        ["unk_token"] = null,
        ["continuing_subword_prefix"] = null,
        ["end_of_word_suffix"] = null,
        ["fuse_unk"] = false,
        ["byte_fallback"] = false,
        ["ignore_merges"] = false,
        ["vocab"] = new JsonObject([.. vocabulary.Tokens.Select((t, id) => KeyValuePair.Create(t, (JsonNode?)id))]),
        // "a b" and not ["a", "b"]: readers of every age know it, and the byte alphabet has no space.
        ["merges"] = new JsonArray([.. vocabulary.Merges.Select(m => (JsonNode)$"{m.Left} {m.Right}")]),
    };
}
