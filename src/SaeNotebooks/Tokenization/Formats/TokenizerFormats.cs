using SaeNotebooks.Checkpoints;

namespace SaeNotebooks.Tokenization.Formats;

/// <summary>The kinds of tokenizer files that this library reads, told apart by content: two of them are named
/// <c>tokenizer.model</c>.</summary>
internal static class TokenizerFormats
{
    private static readonly ITokenizerFormat[] All = [new HuggingFaceFormat(), new SentencePieceFormat(), new TiktokenFormat()];

    /// <exception cref="CheckpointException">the content is of no kind that is known</exception>
    public static ITokenizerFormat Of(ReadOnlySpan<byte> content, string file)
    {
        foreach (var format in All)
            if (format.Recognizes(content)) return format;
        throw new CheckpointException(file, null, $"is no tokenizer; expected {string.Join(", or ", All.Select(f => f.Name))}");
    }
}
