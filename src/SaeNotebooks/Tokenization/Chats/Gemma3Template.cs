namespace SaeNotebooks.Tokenization.Chats;

/// <summary>Gemma 3 (google/gemma-3-4b-it): as <see cref="GemmaTemplate"/>, but instructions at the beginning are put before the first
/// user message, with an empty line between.</summary>
public sealed class Gemma3Template : GemmaTemplate
{
    /// <inheritdoc/>
    protected override string Write(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt)
    {
        if (messages[0].Role != ChatRole.System) return Turns(messages, "", addGenerationPrompt);
        return messages.Count > 1 ? Turns(messages.Skip(1), $"{messages[0].Text}\n\n", addGenerationPrompt)
            : throw new ArgumentException("Gemma 3's template puts the system message before the first user message, and the chat has none.");
    }
}
