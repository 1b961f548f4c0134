using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polly;
using Polly.Retry;
using SaeNotebooks.Tokenization.Chats;

namespace SaeNotebooks.Features.Interpretation;

/// <summary>
/// A language model behind any server that speaks OpenAI's chat completions: OpenAI itself, vLLM, llama.cpp, Ollama and most others.
/// Temperature 0, so that the same question has the same answer where the server can give it. Failures that may pass are tried again, after
/// the pause that the server asks for. Thread-safe, except for <see cref="Dispose"/>.
/// </summary>
/// <example><code>
/// using var judge = new ChatEndpoint(new() { Address = "http://localhost:11434/v1", Model = "qwen3:8b" });
/// var answer = await judge.Answer(new Chat().User("Say yes."));
/// </code></example>
public sealed class ChatEndpoint : ILanguageModel, IDisposable
{
    /// <summary>The longest pause that a server may ask for; past that the person should know.</summary>
    internal static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private const int LargestAnswer = 16 << 20; // bytes

    private readonly ChatEndpointOptions _options;
    private readonly Uri _address;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _retry;

    /// <summary>A client of a server; nothing is sent yet.</summary>
    /// <param name="options">by default <see cref="ChatEndpointOptions.FromEnvironment"/></param>
    /// <exception cref="LanguageModelException">no model is named, the address is none, or the key would travel in the open</exception>
    public ChatEndpoint(ChatEndpointOptions? options = null)
    {
        _options = options ?? ChatEndpointOptions.FromEnvironment();
        _address = _options.Chats();
        // The key goes to the address given and nowhere else, so redirects are not followed.
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
            { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };
        _http.DefaultRequestHeaders.UserAgent.Add(new("SaeNotebooks", typeof(ChatEndpoint).Assembly.GetName().Version?.ToString(3)));
        if (_options.Key is { } key) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _retry = _options.Retries == 0 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = _options.Time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<PassingFailure>(e => e.Wait is not { } wait || wait <= LongestPause),
            MaxRetryAttempts = _options.Retries,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromSeconds(1), // then 2, 4, 8 and 16 s
            DelayGenerator = args => new(args.Outcome.Exception is PassingFailure { Wait: { } wait } && wait > TimeSpan.Zero ? wait : null),
        }).Build();
    }

    /// <inheritdoc/>
    public string Name => _options.Model;

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <inheritdoc/>
    public async Task<string> Answer(Chat chat, int longest = 500, CancellationToken cancellation = default)
    {
        var body = Request(chat, longest).ToJsonString();
        var tries = 0;
        try
        {
            return await _retry.ExecuteAsync(async token =>
            {
                tries++;
                return await Send(body, token);
            }, cancellation);
        }
        catch (PassingFailure e)
        {
            throw new LanguageModelException(LanguageModelProblem.Unavailable, tries > 1 ? $"{e.Message} (tried {tries} times)." : $"{e.Message}.", e);
        }
    }

    private JsonObject Request(Chat chat, int longest)
    {
        var request = new JsonObject
        {
            ["model"] = _options.Model,
            ["messages"] = new JsonArray([.. chat.Messages.Select(m => new JsonObject { ["role"] = m.Role.ToString().ToLowerInvariant(), ["content"] = m.Text })]),
            ["temperature"] = 0,
            ["max_tokens"] = longest,
        };
        foreach (var (name, value) in _options.Fields)
            if (value is null) request.Remove(name);
            else request[name] = value.DeepClone();
        return request;
    }

    private async Task<string> Send(string body, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(_options.Patience, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await _http.PostAsync(_address, content, either.Token);
            var text = await response.Content.ReadAsStringAsync(either.Token);
            return response.StatusCode == HttpStatusCode.OK ? Content(text) : throw Failure(response, text);
        }
        catch (HttpRequestException e) { throw new PassingFailure($"{_address.Authority} cannot be reached or broke off ({e.Message}); is the server of {Name} running there?", null, e); }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new PassingFailure($"{Name} at {_address.Authority} gave no answer within {_options.Patience.TotalSeconds:0} s; give it more {nameof(_options.Patience)}", null, e);
        }
    }

    /// <summary>The words of the first choice.</summary>
    private string Content(string text)
    {
        try
        {
            var root = JsonNode.Parse(text);
            if (root?["choices"] is JsonArray { Count: > 0 } choices && choices[0]?["message"]?["content"] is JsonValue value && value.TryGetValue(out string? said) && said.Trim().Length > 0)
                return said;
            throw BadAnswer(root is JsonObject o && o["error"] is not null ? Said(text) : "it has no choices[0].message.content with words in it", null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) { throw BadAnswer($"it begins with '{Shown(text)}'", e); }
    }

    private LanguageModelException BadAnswer(string why, Exception? cause) => new(LanguageModelProblem.BadAnswer,
        $"{_address.Authority} answered, but not with a chat completion ({why}); check {ChatEndpointOptions.AddressVariable}, which usually ends with /v1.", cause);

    private Exception Failure(HttpResponseMessage response, string text)
    {
        var status = (int)response.StatusCode;
        var why = Said(text) is { Length: > 0 } said ? $": {said}" : "";
        return status switch
        {
            408 or 429 or >= 500 => new PassingFailure($"{_address.Authority} answers {status} for {Name}{why}; try again later", Wait(response), null),
            401 or 403 => new LanguageModelException(LanguageModelProblem.BadKey, _options.Key is null
                ? $"{_address.Authority} wants a key: put one into {ChatEndpointOptions.KeyVariable} (it answered {status}{why})."
                : $"{_address.Authority} does not accept the key for {Name}; check {ChatEndpointOptions.KeyVariable} (it answered {status}{why})."),
            404 => new LanguageModelException(LanguageModelProblem.NotFound, $"{_address} knows no model {Name}, or is no such server{why}; check both."),
            _ => new LanguageModelException(LanguageModelProblem.Refused, $"{_address.Authority} refuses the request for {Name} with {status}{why}."),
        };
    }

    private TimeSpan? Wait(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - _options.Time.GetUtcNow() : null;

    /// <summary>The error's own message, as these servers write it; else the beginning of the answer.</summary>
    private static string Said(string text)
    {
        try
        {
            var error = JsonNode.Parse(text) is JsonObject root ? root["error"] ?? root["message"] ?? root["detail"] : null;
            if ((error is JsonObject o ? o["message"] : error) is JsonValue value && value.TryGetValue(out string? message)) return $"'{Shown(message)}'";
        }
        catch (JsonException) { /* no JSON: its beginning is shown */ }
        return text.Trim().Length == 0 ? "" : $"'{Shown(text)}'";
    }

    private static string Shown(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length <= 200 ? line : line[..200] + "…";
    }

    /// <summary>A failure that may be over at the next try; the message lacks its full stop.</summary>
    private sealed class PassingFailure(string message, TimeSpan? wait, Exception? cause) : Exception(message, cause)
    {
        /// <summary>How long the server asks to wait, if it does.</summary>
        public TimeSpan? Wait => wait;
    }
}
