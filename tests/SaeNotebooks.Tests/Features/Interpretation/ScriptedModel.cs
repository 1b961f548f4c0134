using System.Collections.Concurrent;
using SaeNotebooks.Features.Interpretation;
using SaeNotebooks.Tokenization.Chats;

namespace SaeNotebooks.Tests.Features.Interpretation;

/// <summary>Stands for a language model: answers by a rule, and remembers what it was asked.</summary>
internal sealed class ScriptedModel(Func<Chat, string> answer) : ILanguageModel
{
    public ConcurrentQueue<Chat> Asked { get; } = [];

    public string Name => "scripted";

    public Task<string> Answer(Chat chat, int longest = 500, CancellationToken cancellation = default)
    {
        Asked.Enqueue(chat);
        return Task.FromResult(answer(chat));
    }

    /// <summary>A judge that says yes to the texts that hold a word.</summary>
    public static ScriptedModel Looking(string word) => new(chat =>
        $"[{string.Join(", ", Texts(chat).Select(t => t.Contains(word, StringComparison.Ordinal) ? 1 : 0))}]");

    public static IEnumerable<string> Texts(Chat chat) => chat.Messages[^1].Text.Split('\n').Where(l => l.StartsWith("Text ", StringComparison.Ordinal));
}
