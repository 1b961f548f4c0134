using System.Net;
using System.Text.Json.Nodes;

namespace SaeNotebooks.Features.Interpretation;

/// <summary>Where a language model is and how it is asked. <see cref="FromEnvironment"/> reads the variables.</summary>
public sealed record ChatEndpointOptions
{
    /// <summary>The variable that holds the server's address.</summary>
    public const string AddressVariable = "OPENAI_BASE_URL";

    /// <summary>The variable that holds the key.</summary>
    public const string KeyVariable = "OPENAI_API_KEY";

    /// <summary>The variable that holds the model's name.</summary>
    public const string ModelVariable = "SAENOTEBOOKS_LLM";

    /// <summary>The part of the address before <c>/chat/completions</c>, such as <c>http://localhost:11434/v1</c>.</summary>
    public string Address { get; init; } = "https://api.openai.com/v1";

    /// <summary>The model's name on that server.</summary>
    public required string Model { get; init; }

    /// <summary>The key, or null for a server that wants none.</summary>
    public string? Key { get; init; }

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a request is sent again if that can help.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>Fields that each request has besides model, messages, temperature and max_tokens; a field that is null here is left out.</summary>
    /// <example><code>new JsonObject { ["max_tokens"] = null, ["max_completion_tokens"] = 2000 }</code></example>
    public JsonObject Fields { get; init; } = [];

    /// <summary>What pauses and patience are measured with.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary><c>OPENAI_BASE_URL</c>, <c>OPENAI_API_KEY</c> and, unless a name is given, <c>SAENOTEBOOKS_LLM</c>.</summary>
    /// <param name="model">the model's name on the server</param>
    /// <exception cref="LanguageModelException">no model is named</exception>
    public static ChatEndpointOptions FromEnvironment(string? model = null) => From(Environment.GetEnvironmentVariable, model);

    internal static ChatEndpointOptions From(Func<string, string?> variable, string? model)
    {
        string? Value(string name) => variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
        var options = new ChatEndpointOptions
        {
            Model = model ?? Value(ModelVariable) ?? throw new LanguageModelException(LanguageModelProblem.BadSettings,
                $"No language model is named: put its name into {ModelVariable}, and the server's address into {AddressVariable} if it is not OpenAI's."),
            Key = Value(KeyVariable),
        };
        return Value(AddressVariable) is { } address ? options with { Address = address } : options;
    }

    /// <summary>Without the key, which nobody should find in a notebook's output.</summary>
    public override string ToString() => $"{Model} at {Address}, {(Key is null ? "no key" : "with a key")}";

    /// <summary>Where chats are answered.</summary>
    /// <exception cref="LanguageModelException">the address is none, or the key would travel in the open</exception>
    internal Uri Chats()
    {
        if (!Uri.TryCreate($"{Address.TrimEnd('/')}/chat/completions", UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw Bad($"'{Address}' is no address of a server; write it like http://localhost:11434/v1 ({AddressVariable}).");
        if (Key is null) return uri;
        if (uri.Scheme == "http" && !IsHere(uri))
            throw Bad($"The key would go unprotected to {uri.Authority}: use https, or unset {KeyVariable} if that server wants no key.");
        return Key.All(c => c is > ' ' and < '\u007F') ? uri
            : throw Bad($"The key has a blank or a foreign character in it; copy it again into {KeyVariable}, without quotes.");
    }

    private static bool IsHere(Uri uri) => uri.IsLoopback || IPAddress.TryParse(uri.Host, out var address) && IPAddress.IsLoopback(address);

    private static LanguageModelException Bad(string message) => new(LanguageModelProblem.BadSettings, message);
}
