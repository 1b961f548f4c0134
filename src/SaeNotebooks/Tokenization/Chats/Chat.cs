namespace SaeNotebooks.Tokenization.Chats;

/// <summary>Who says something in a chat.</summary>
public enum ChatRole
{
    /// <summary>Instructions that stand before the conversation.</summary>
    System,

    /// <summary>The person.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,
}

/// <summary>What somebody says in a chat.</summary>
/// <param name="Role">who</param>
/// <param name="Text">what</param>
public sealed record ChatMessage(ChatRole Role, string Text);

/// <summary>A conversation: <c>new Chat().System("Be brief.").User("Hi")</c>. Immutable; each call gives a longer one.</summary>
/// <param name="Messages">in their order</param>
public sealed record Chat(params IReadOnlyList<ChatMessage> Messages)
{
    /// <summary>The chat with instructions after it.</summary>
    public Chat System(string text) => With(ChatRole.System, text);

    /// <summary>The chat with words of the person after it.</summary>
    public Chat User(string text) => With(ChatRole.User, text);

    /// <summary>The chat with an answer of the model after it.</summary>
    public Chat Assistant(string text) => With(ChatRole.Assistant, text);

    private Chat With(ChatRole role, string text) => new([.. Messages, new ChatMessage(role, text)]);
}
