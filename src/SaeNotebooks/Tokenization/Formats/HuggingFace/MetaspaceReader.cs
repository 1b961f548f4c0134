using SaeNotebooks.Tokenization.PreTokenizers;

namespace SaeNotebooks.Tokenization.Formats.HuggingFace;

/// <summary>Reads what the pre-tokenizer and the decoder of type <c>Metaspace</c> share.</summary>
internal static class MetaspaceReader
{
    public static string Mark(JsonSection section) => Component.Character(section.Required("replacement")).ToString();

    /// <summary>Older files say only whether a space is added.</summary>
    public static PrependScheme Scheme(JsonSection section) =>
        section.Optional("prepend_scheme") is { } scheme ? Component.Name<PrependScheme>(scheme)
            : section.Flag("add_prefix_space", otherwise: true) ? PrependScheme.Always : PrependScheme.Never;
}
