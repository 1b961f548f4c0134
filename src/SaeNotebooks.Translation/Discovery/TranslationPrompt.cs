using SaeNotebooks.Tokenization.Chats;

namespace SaeNotebooks.Translation.Discovery;

/// <summary>A stretch of text: its first UTF-16 code unit and the one after its last.</summary>
public readonly record struct TextSpan(int Start, int End)
{
    /// <summary>The same stretch, so many code units further on.</summary>
    public TextSpan After(int length) => new(Start + length, End + length);
}

/// <summary>The languages of a translation prompt, as codes (<c>en</c>, <c>zh</c>).</summary>
/// <param name="Prompt">in which the instruction is written</param>
/// <param name="From">of the source text</param>
/// <param name="To">into which it is to be translated</param>
public sealed record Setting(string Prompt, string From, string To)
{
    /// <summary><c>en→zh</c></summary>
    public string Pair => $"{From}→{To}";

    /// <inheritdoc/>
    public override string ToString() => $"{Pair} ({Prompt} prompt)";
}

/// <summary>A translation prompt whose parts are known by place, and a right translation.</summary>
public record TranslationPrompt
{
    /// <summary>What the model reads before it answers.</summary>
    public required string Text { get; init; }

    /// <summary>The reference as it would follow <see cref="Text"/>, with the space between the two where there is one.</summary>
    public required string Answer { get; init; }

    /// <summary>The source text's place in <see cref="Text"/>.</summary>
    public required TextSpan Source { get; init; }

    /// <summary>Where <see cref="Text"/> names the target language; null if it does not.</summary>
    public required TextSpan? Language { get; init; }

    /// <summary>The words that name it, for the authors' search by text; null if it is not named.</summary>
    public string? LanguageName => Language is { } span ? Text[span.Start..span.End] : null;

    /// <summary>The same prompt as a person's turn of a chat, after which the model's turn begins; without BOS, which the tokenizer adds. The reference follows without a space.</summary>
    /// <param name="template">of the model's family; white space around the prompt goes, as in all of them</param>
    public TranslationPrompt InChat(ChatTemplate template)
    {
        var text = template.Render(new Chat().User(Text), bos: false);
        var shift = text.IndexOf(Text.Trim(), StringComparison.Ordinal) - (Text.Length - Text.TrimStart().Length);
        return this with { Text = text, Answer = Answer.TrimStart(), Source = Source.After(shift), Language = Language?.After(shift) };
    }

    /// <summary>The source text.</summary>
    public string SourceText => Text[Source.Start..Source.End];

    /// <summary>Id of the wording.</summary>
    public required string Wording { get; init; }

    /// <summary>The languages.</summary>
    public required Setting Setting { get; init; }
}
