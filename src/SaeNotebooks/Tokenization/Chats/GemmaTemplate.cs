using System.Text;

namespace SaeNotebooks.Tokenization.Chats;

/// <summary>Gemma and Gemma 2 (google/gemma-2-2b-it): turns of user and model, which must alternate; no system role.</summary>
public class GemmaTemplate : ChatTemplate
{
    /// <inheritdoc/>
    protected override string Bos => "<bos>";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Markers => ["<start_of_turn>", "<end_of_turn>"];

    /// <inheritdoc/>
    protected override string Write(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt) =>
        messages[0].Role == ChatRole.System
            ? throw new ArgumentException("Gemma's template has no system role; put the instructions into the first user message.")
            : Turns(messages, "", addGenerationPrompt);

    /// <summary>Alternating turns, the first with something before its text.</summary>
    private protected static string Turns(IEnumerable<ChatMessage> messages, string prefix, bool addGenerationPrompt)
    {
        var text = new StringBuilder();
        var turn = 0;
        foreach (var (role, content) in messages)
        {
            var expected = turn % 2 == 0 ? ChatRole.User : ChatRole.Assistant;
            if (role != expected) throw new ArgumentException(
                $"Turn {turn + 1} of the chat is {role}, expected {expected}: Gemma's turns alternate, beginning with User.");
            text.Append($"<start_of_turn>{(role == ChatRole.User ? "user" : "model")}\n{(turn == 0 ? prefix : "")}{content.Trim()}<end_of_turn>\n");
            turn++;
        }
        if (addGenerationPrompt) text.Append("<start_of_turn>model\n");
        return text.ToString();
    }
}
