using System.Text;

namespace SaeNotebooks.Tokenization.Chats;

/// <summary>Llama 3 (meta-llama/Meta-Llama-3-8B-Instruct): a header with the role before each message; roles in any order.</summary>
public class Llama3Template : ChatTemplate
{
    /// <inheritdoc/>
    protected override string Bos => "<|begin_of_text|>";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Markers => ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"];

    /// <inheritdoc/>
    protected override string Write(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt)
    {
        var text = new StringBuilder();
        foreach (var (role, content) in messages) text.Append($"{Header(role)}{content.Trim()}<|eot_id|>");
        if (addGenerationPrompt) text.Append(Header(ChatRole.Assistant));
        return text.ToString();
    }

    private static string Header(ChatRole role) => $"<|start_header_id|>{role.ToString().ToLowerInvariant()}<|end_header_id|>\n\n";
}
