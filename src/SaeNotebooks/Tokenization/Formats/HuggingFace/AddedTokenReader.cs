using SaeNotebooks.Tokenization.Normalizers;

namespace SaeNotebooks.Tokenization.Formats.HuggingFace;

/// <summary>Reads an entry of <c>added_tokens</c>.</summary>
internal static class AddedTokenReader
{
    /// <param name="section">the entry</param>
    /// <param name="normalizer">what a token that is looked for in the normalised text goes through itself</param>
    public static AddedToken Read(JsonSection section, INormalizer normalizer)
    {
        var content = section.Required("content").Text();
        if (content.Length == 0) throw section.Unsupported("an empty token");
        return new AddedToken(section.Required("id").Whole(), content)
        {
            IsSpecial = section.Flag("special"),
            IsNormalized = section.Flag("normalized"),
            IsSingleWord = section.Flag("single_word"),
            StripsLeft = section.Flag("lstrip"),
            StripsRight = section.Flag("rstrip"),
        }.WithPattern(normalizer);
    }

    private static AddedToken WithPattern(this AddedToken token, INormalizer normalizer) =>
        token.IsNormalized ? token with { Pattern = normalizer.Normalize(AlignedText.Of(token.Content, withOrigins: false)).Text } : token;
}
