using SaeNotebooks.Tokenization.Chats;

namespace SaeNotebooks.Features.Interpretation;

/// <summary>A language model that answers: what explains latents and judges explanations. Implementations are thread-safe.</summary>
public interface ILanguageModel
{
    /// <summary>What it is called in reports and labels.</summary>
    string Name { get; }

    /// <summary>Answers the last message of a chat.</summary>
    /// <param name="chat">ends with a message of the person</param>
    /// <param name="longest">most tokens of the answer</param>
    /// <param name="cancellation">gives up</param>
    /// <exception cref="LanguageModelException">there is no answer; the message says why and what to do</exception>
    Task<string> Answer(Chat chat, int longest = 500, CancellationToken cancellation = default);
}

/// <summary>A language model gave no answer that can be used. The message is one line: what was asked, what was found, what to do.</summary>
public sealed class LanguageModelException : Exception
{
    /// <summary>A failure with its reason.</summary>
    public LanguageModelException(LanguageModelProblem problem, string message, Exception? cause = null) : base(message, cause) => Problem = problem;

    /// <summary>What went wrong, for programs; people read the message.</summary>
    public LanguageModelProblem Problem { get; }
}

/// <summary>Why a language model gave no answer that can be used.</summary>
public enum LanguageModelProblem
{
    /// <summary>Address, model or key are missing or cannot be used.</summary>
    BadSettings,

    /// <summary>The server does not accept the key.</summary>
    BadKey,

    /// <summary>The server knows no such model, or is no such server.</summary>
    NotFound,

    /// <summary>The server refuses the request as it is.</summary>
    Refused,

    /// <summary>The server cannot be reached, is overloaded, limits requests or fails, even after several tries.</summary>
    Unavailable,

    /// <summary>The answer is not what such a server or model answers.</summary>
    BadAnswer,
}
