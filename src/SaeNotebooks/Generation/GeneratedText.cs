using SaeNotebooks.Models;

namespace SaeNotebooks.Generation;

/// <summary>Why a generation ended.</summary>
public enum FinishReason
{
    /// <summary>As many tokens as were asked for.</summary>
    Length,

    /// <summary>A stop token, which is not part of the text.</summary>
    StopToken,
}

/// <summary>What the model wrote after one prompt.</summary>
/// <param name="Prompt">the prompt's token ids</param>
/// <param name="Tokens">the new tokens</param>
/// <param name="Text">the new tokens as text; without a tokenizer, their ids</param>
/// <param name="Finish">why it ended</param>
public sealed record GeneratedText(IReadOnlyList<int> Prompt, IReadOnlyList<Token> Tokens, string Text, FinishReason Finish)
{
    /// <summary>The new tokens' ids.</summary>
    public IEnumerable<int> Ids => Tokens.Select(t => t.Id);

    /// <summary>The text.</summary>
    public override string ToString() => Text;
}
