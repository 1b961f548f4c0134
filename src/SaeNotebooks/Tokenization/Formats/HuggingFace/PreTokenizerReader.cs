using SaeNotebooks.Tokenization.PreTokenizers;

namespace SaeNotebooks.Tokenization.Formats.HuggingFace;

/// <summary>Reads <c>pre_tokenizer</c>, by type.</summary>
internal static class PreTokenizerReader
{
    private static readonly Dictionary<string, Func<JsonSection, IPreTokenizer>> Types = new()
    {
        ["Sequence"] = s => new PreTokenizerSequence([.. s.Required("pretokenizers").Items().Select(p => Read(p))]),
        ["Split"] = s => new SplitPreTokenizer(PatternReader.Read(s.Required("pattern")),
            Component.Name<SplitBehavior>(s.Required("behavior")), s.Flag("invert")),
        ["ByteLevel"] = s => new ByteLevelPreTokenizer(s.Flag("use_regex", otherwise: true), s.Flag("add_prefix_space", otherwise: true)),
        ["Metaspace"] = s => new MetaspacePreTokenizer(MetaspaceReader.Mark(s), MetaspaceReader.Scheme(s), s.Flag("split", otherwise: true)),
        ["Digits"] = s => new DigitsPreTokenizer(s.Flag("individual_digits")),
    };

    public static IPreTokenizer Read(JsonSection? section) =>
        section is { } s ? Component.Read(s, Types) : new PreTokenizerSequence();
}
