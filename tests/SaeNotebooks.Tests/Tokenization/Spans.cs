using SaeNotebooks.Tokenization;

namespace SaeNotebooks.Tests.Tokenization;

/// <summary>What must hold for the spans of any tokenizer that drops no character.</summary>
internal static class Spans
{
    /// <summary>
    /// Spans go from the beginning of the text to its end without a gap. Each begins where the one before ends, except that tokens which
    /// share the bytes of a character all cover it; only a space put before the text covers nothing.
    /// </summary>
    public static void AssertCover(ITokenizer tokenizer, string text)
    {
        var (start, end) = (0, 0);
        foreach (var span in tokenizer.EncodeToSpans(text))
        {
            var isNext = span.Start == end;
            var sharesCharacter = span.Start < end && span.Start >= start && CharacterCount(text[span.Start..end]) == 1;
            Assert.True(isNext || sharesCharacter, $"'{text}': {span} after [{start}, {end})");
            Assert.True(span.End > span.Start || (span.End == 0 && span.Text == " "), $"'{text}': {span} covers nothing");
            Assert.True(span.End >= end);
            (start, end) = (span.Start, span.End);
        }
        Assert.Equal(text.Length, end);
    }

    /// <summary>Characters as a normaliser composes them: marks belong to the letter before.</summary>
    private static int CharacterCount(string text) => new System.Globalization.StringInfo(text).LengthInTextElements;
}
