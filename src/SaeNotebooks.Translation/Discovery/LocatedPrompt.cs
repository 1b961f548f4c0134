using SaeNotebooks.Models;
using SaeNotebooks.Tokenization;

namespace SaeNotebooks.Translation.Discovery;

/// <summary>A prompt as token ids, and where its positions are.</summary>
/// <param name="Ids">token ids, BOS included where the tokenizer adds it</param>
/// <param name="Positions">token index of each position of the set; null where the prompt has none: no language is named, or nothing but BOS
/// stands before the source</param>
public sealed record LocatedPrompt(IReadOnlyList<int> Ids, IReadOnlyList<int?> Positions)
{
    /// <summary>Encodes a prompt, with its reference if the set needs it, and finds the positions by the characters that tokens cover.</summary>
    /// <exception cref="InvalidOperationException">the model has no tokenizer</exception>
    public static LocatedPrompt Of(HookedTransformer model, TranslationPrompt prompt, PositionSet set)
    {
        var text = set.NeedsReference ? prompt.Text + prompt.Answer + (set.KeepNewline ? "\n" : "") : prompt.Text;
        var ids = model.Encode(text);
        var spans = model.Tokenizer!.EncodeToSpans(text);
        var bos = ids.Count - spans.Count;
        int? TokenAt(int character) => Index(spans, character) is { } i ? bos + i : null;
        return new(ids, [.. set.Positions.Select(p => Counted(p switch
        {
            PromptPosition.BeforeSource => TokenAt(prompt.Source.Start) - 1,
            PromptPosition.SourceLast => TokenAt(prompt.Source.End - 1),
            PromptPosition.LanguageLast => Language(prompt, text, set) is { } end ? TokenAt(end - 1) : null,
            PromptPosition.InputLast => TokenAt(prompt.Text.Length - 1),
            _ => TokenAt(text.Length - 1),
        }))]);
    }

    /// <summary>The first token is left out, as everywhere: activations at BOS are like no other's.</summary>
    private static int? Counted(int? index) => index >= 1 ? index : null;

    private static int? Language(TranslationPrompt prompt, string text, PositionSet set) =>
        prompt.LanguageName is not { } name ? null
        : set.FindByText ? text.IndexOf(name, StringComparison.Ordinal) + name.Length
        : prompt.Language!.Value.End;

    /// <summary>The last token that covers a character: several do where one character is divided into bytes.</summary>
    private static int? Index(IReadOnlyList<TokenSpan> spans, int character)
    {
        for (var i = spans.Count - 1; i >= 0; i--)
            if (spans[i].Start <= character && character < spans[i].End) return i;
        return null;
    }
}
