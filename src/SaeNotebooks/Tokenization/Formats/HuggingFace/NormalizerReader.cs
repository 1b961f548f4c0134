using SaeNotebooks.Tokenization.Normalizers;

namespace SaeNotebooks.Tokenization.Formats.HuggingFace;

/// <summary>Reads <c>normalizer</c>, by type.</summary>
internal static class NormalizerReader
{
    private static readonly Dictionary<string, Func<JsonSection, INormalizer>> Types = new()
    {
        ["Sequence"] = s => new NormalizerSequence([.. s.Required("normalizers").Items().Select(n => Read(n))]),
        ["NFC"] = _ => new NfcNormalizer(),
        ["Replace"] = s => new ReplaceNormalizer(PatternReader.Read(s.Required("pattern")), s.Required("content").Text()),
        ["Prepend"] = s => new PrependNormalizer(s.Required("prepend").Text()),
    };

    public static INormalizer Read(JsonSection? section) =>
        section is { } s ? Component.Read(s, Types) : new NormalizerSequence();
}
