namespace SaeNotebooks.Tokenization.Chats;

/// <summary>How a family's instruction-tuned models write a chat as one text. The texts are those of the templates that the models are
/// published with, <c>chat_template</c> in <c>tokenizer_config.json</c>. Text within a message that spells a special token becomes
/// that token, as with those.</summary>
public abstract class ChatTemplate
{
    /// <summary>The text of the token that begins it.</summary>
    protected abstract string Bos { get; }

    /// <summary>Special tokens that the template writes; a tokenizer without them is not the family's.</summary>
    protected abstract IReadOnlyList<string> Markers { get; }

    /// <summary>The chat as text.</summary>
    /// <param name="chat">at least one message</param>
    /// <param name="addGenerationPrompt">whether the beginning of the model's answer follows</param>
    /// <param name="bos">whether BOS is part of it; tokenizers put their own before a text without it</param>
    /// <exception cref="ArgumentException">the template does not allow the chat; the message says why</exception>
    public string Render(Chat chat, bool addGenerationPrompt = true, bool bos = true) => (bos ? Bos : "") + Body(chat, addGenerationPrompt);

    /// <summary>The chat as ids, BOS included.</summary>
    /// <param name="chat">at least one message</param>
    /// <param name="tokenizer">the tokenizer of the family's models</param>
    /// <param name="addGenerationPrompt">whether the beginning of the model's answer follows</param>
    /// <exception cref="ArgumentException">the template does not allow the chat, or the tokenizer lacks its tokens</exception>
    public IReadOnlyList<int> Encode(Chat chat, ITokenizer tokenizer, bool addGenerationPrompt = true)
    {
        foreach (var marker in Markers)
            if (tokenizer.Encode(marker, bos: false).Count != 1)
                throw new ArgumentException($"The tokenizer does not read '{marker}' as one token, so it is not one for {GetType().Name}.", nameof(tokenizer));
        return tokenizer.Encode(Body(chat, addGenerationPrompt), bos: true);
    }

    /// <summary>The chat as text, without BOS.</summary>
    private string Body(Chat chat, bool addGenerationPrompt) =>
        chat.Messages.Count > 0 ? Write(chat.Messages, addGenerationPrompt) : throw new ArgumentException("The chat has no messages.", nameof(chat));

    /// <summary>Writes one or more messages, without BOS.</summary>
    protected abstract string Write(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt);
}
