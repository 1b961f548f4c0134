using SaeNotebooks.Tokenization.Decoders;
using SaeNotebooks.Tokenization.PreTokenizers;

namespace SaeNotebooks.Tokenization.Formats.HuggingFace;

/// <summary>Reads <c>decoder</c>, by type.</summary>
internal static class DecoderReader
{
    private static readonly Dictionary<string, Func<JsonSection, IDecoder>> Types = new()
    {
        ["Sequence"] = s => new DecoderSequence([.. s.Required("decoders").Items().Select(Read)]),
        ["ByteLevel"] = _ => new ByteLevelDecoder(),
        ["ByteFallback"] = _ => new ByteFallbackDecoder(),
        ["Fuse"] = _ => new FuseDecoder(),
        ["Strip"] = s => new StripDecoder(Component.Character(s.Required("content")), s.Required("start").Whole(), s.Required("stop").Whole()),
        ["Replace"] = s => new ReplaceDecoder(PatternReader.Read(s.Required("pattern")), s.Required("content").Text()),
        ["Metaspace"] = s => new MetaspaceDecoder(MetaspaceReader.Mark(s), MetaspaceReader.Scheme(s) != PrependScheme.Never),
    };

    public static IDecoder Read(JsonSection section) => Component.Read(section, Types);
}
