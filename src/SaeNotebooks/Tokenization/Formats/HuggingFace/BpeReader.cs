using System.Text.Json;
using SaeNotebooks.Tokenization.Bpe;

namespace SaeNotebooks.Tokenization.Formats.HuggingFace;

/// <summary>Reads <c>model</c>, which must be a byte-pair encoding.</summary>
internal static class BpeReader
{
    public static (Vocabulary Vocabulary, BpeModel Model) Read(JsonSection model, string file)
    {
        // Older files leave the type out; a list of merges then tells BPE from the others.
        var type = model.Optional("type")?.Text() ?? (model.Has("merges") ? "BPE" : "unknown");
        if (type != "BPE") throw model.Error($"'{type}' is not supported; supported is BPE");
        RefuseVariants(model);
        var vocabulary = new Vocabulary(model.Required("vocab").Entries().Select(e => (e.Key, e.Value.Whole())), file);
        var merges = MergeTable.FromList(model.Required("merges").Items().Select(ReadMerge), vocabulary, file);
        return (vocabulary, new BpeModel(vocabulary, merges, ReadRules(model, vocabulary)));
    }

    private static void RefuseVariants(JsonSection model)
    {
        foreach (var key in new[] { "dropout", "continuing_subword_prefix", "end_of_word_suffix" })
            if (model.Optional(key) is { } value && !(value.Kind == JsonValueKind.String && value.Text().Length == 0))
                throw value.Unsupported("a value here");
    }

    private static BpeRules ReadRules(JsonSection model, Vocabulary vocabulary) => new()
    {
        IgnoresMerges = model.Flag("ignore_merges"),
        FallsBackToBytes = model.Flag("byte_fallback"),
        Unknown = model.Optional("unk_token") is { } unknown
            ? vocabulary.IdOf(unknown.Text()) ?? throw unknown.Error($"'{unknown.Text()}' is not in the vocabulary") : null,
        FusesUnknown = model.Flag("fuse_unk"),
    };

    /// <summary>A pair in a list of two, or as in older files with a space between.</summary>
    private static (string Left, string Right) ReadMerge(JsonSection merge)
    {
        string[] pair = merge.Kind == JsonValueKind.Array ? [.. merge.Items().Select(item => item.Text())] : merge.Text().Split(' ');
        return pair is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : throw merge.Error("expected two tokens");
    }
}
