namespace SaeNotebooks.Tokenization;

/// <summary>What can be said of any tokenizer.</summary>
public static class TokenizerExtensions
{
    /// <summary>The id of a text that is exactly one token, such as an answer whose logit is wanted.</summary>
    /// <exception cref="ArgumentException">the text is several tokens; the message lists them</exception>
    public static int SingleToken(this ITokenizer tokenizer, string text)
    {
        var ids = tokenizer.Encode(text, bos: false);
        return ids.Count == 1 ? ids[0]
            : throw new ArgumentException($"'{text}' is {ids.Count} tokens ({string.Join(", ", ids.Select(id => $"'{tokenizer.TextOf(id)}'"))}), expected one; mind the leading space.", nameof(text));
    }
}
