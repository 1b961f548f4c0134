using SaeNotebooks.Display;
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
[TypeFormatterSource(typeof(FormatterSource))]
public sealed record GeneratedText(IReadOnlyList<int> Prompt, IReadOnlyList<Token> Tokens, string Text, FinishReason Finish) : IDisplayable
{
    /// <summary>The new tokens' ids.</summary>
    public IEnumerable<int> Ids => Tokens.Select(t => t.Id);

    /// <inheritdoc/>
    public string ToHtml() => $"<div class=\"sae-generated\"><div style=\"white-space:pre-wrap\">{Html.Encode(Text)}</div>" +
        $"<div style=\"font-size:12px;opacity:.7\">{Html.Encode($"{Tokens.Count} tokens after {Prompt.Count} of the prompt; ended by {End}")}</div></div>";

    /// <inheritdoc/>
    public string ToText() => Text;

    private string End => Finish == FinishReason.StopToken ? "a stop token" : "the number of tokens asked for";

    /// <summary>The text.</summary>
    public override string ToString() => Text;
}
