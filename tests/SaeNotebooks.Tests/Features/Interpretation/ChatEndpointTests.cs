using System.Text;
using System.Text.Json.Nodes;
using SaeNotebooks.Features.Interpretation;
using SaeNotebooks.Hub;
using SaeNotebooks.Tests.Hub;
using SaeNotebooks.Tokenization.Chats;

namespace SaeNotebooks.Tests.Features.Interpretation;

/// <summary>Against a server on the loopback address that behaves well, and in every way badly.</summary>
public class ChatEndpointTests
{
    private static readonly Chat Question = new Chat().System("Be brief.").User("Hi \"there\" – ça va?");

    private static Answer Says(string text) =>
        new(200, Encoding.UTF8.GetBytes(new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["message"] = new JsonObject { ["content"] = text } }) }.ToJsonString()));

    private static Answer Fails(int status, string body = "", string? retryAfter = null) =>
        new(status, Encoding.UTF8.GetBytes(body)) { Headers = retryAfter is null ? [] : new() { ["Retry-After"] = retryAfter } };

    private static (ChatEndpoint Endpoint, HastyTime Time) Open(LoopbackServer server, Func<ChatEndpointOptions, ChatEndpointOptions>? change = null)
    {
        var time = new HastyTime();
        var options = new ChatEndpointOptions { Address = server.Address + "/v1", Model = "m", Key = "sk-1", Patience = HubHttp.Patience, Time = time };
        return (new(change?.Invoke(options) ?? options), time);
    }

    private static async Task<LanguageModelException> Failure(Func<Asked, Answer> answer, Func<ChatEndpointOptions, ChatEndpointOptions>? change = null)
    {
        using var server = new LoopbackServer(answer);
        using var endpoint = Open(server, change).Endpoint;
        var failure = await Assert.ThrowsAsync<LanguageModelException>(() => endpoint.Answer(Question));
        Assert.DoesNotContain("sk-1", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        return failure;
    }

    [Fact]
    public async Task A_chat_is_sent_as_openai_defines_it_and_the_first_choice_is_the_answer()
    {
        using var server = new LoopbackServer(_ => Says("Ça va."));
        using var endpoint = Open(server, o => o with { Fields = new() { ["max_tokens"] = null, ["max_completion_tokens"] = 7, ["seed"] = 1 } }).Endpoint;

        Assert.Equal("Ça va.", await endpoint.Answer(Question, longest: 50));
        var asked = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/v1/chat/completions", "Bearer sk-1"), (asked.Method, asked.Path, asked.Token));
        var expected = JsonNode.Parse("""
            {"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi \"there\" – ça va?"}],
             "temperature":0,"max_completion_tokens":7,"seed":1}
            """);
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(asked.Body)), asked.Body);
    }

    [Fact]
    public async Task Without_a_key_none_is_sent()
    {
        using var server = new LoopbackServer(_ => Says("yes"));
        using var endpoint = Open(server, o => o with { Key = null }).Endpoint;
        await endpoint.Answer(Question);
        Assert.Null(server.Requests.Single().Token);
    }

    [Theory]
    [InlineData(429), InlineData(500), InlineData(503), InlineData(408)]
    public async Task What_may_pass_is_tried_again(int status)
    {
        var tries = 0;
        using var server = new LoopbackServer(_ => ++tries <= 2 ? Fails(status) : Says("yes"));
        var (endpoint, time) = Open(server);
        using (endpoint) Assert.Equal("yes", await endpoint.Answer(Question));
        Assert.Equal(3, tries);
        Assert.Equal([1.0, 2.0], time.Pauses.Select(p => p.TotalSeconds));
    }

    [Fact]
    public async Task The_servers_own_pause_is_kept()
    {
        var tries = 0;
        using var server = new LoopbackServer(_ => ++tries == 1 ? Fails(429, retryAfter: "7") : Says("yes"));
        var (endpoint, time) = Open(server);
        using (endpoint) await endpoint.Answer(Question);
        Assert.Equal(TimeSpan.FromSeconds(7), Assert.Single(time.Pauses));
    }

    [Fact]
    public async Task A_limit_that_lasts_is_said_at_once()
    {
        using var server = new LoopbackServer(_ => Fails(429, """{"error":{"message":"You exceeded your quota"}}""", retryAfter: "86400"));
        var (endpoint, time) = Open(server);
        using var _ = endpoint;
        var failure = await Assert.ThrowsAsync<LanguageModelException>(() => endpoint.Answer(Question));
        Assert.Equal(LanguageModelProblem.Unavailable, failure.Problem);
        Assert.Contains("429 for m: 'You exceeded your quota'", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Empty(time.Pauses);
    }

    [Fact]
    public async Task A_server_that_fails_for_long_is_given_up()
    {
        var failure = await Failure(_ => Fails(500), o => o with { Retries = 2 });
        Assert.Equal(LanguageModelProblem.Unavailable, failure.Problem);
        Assert.EndsWith("(tried 3 times).", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, """{"error":{"message":"Incorrect API key provided"}}""", LanguageModelProblem.BadKey, "Incorrect API key provided")]
    [InlineData(403, "", LanguageModelProblem.BadKey, "OPENAI_API_KEY")]
    [InlineData(404, """{"error":"model 'm' not found"}""", LanguageModelProblem.NotFound, "model 'm' not found")]
    [InlineData(400, """{"detail":"max_tokens is too large"}""", LanguageModelProblem.Refused, "max_tokens is too large")]
    [InlineData(307, "", LanguageModelProblem.Refused, "307")]
    public async Task What_will_not_pass_is_said_once(int status, string body, LanguageModelProblem problem, string part)
    {
        var tries = 0;
        var failure = await Failure(_ => { tries++; return Fails(status, body); });
        Assert.Equal((problem, 1), (failure.Problem, tries));
        Assert.Contains(part, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_wants_a_key_is_told_from_one_that_refuses_it() =>
        Assert.Contains("wants a key: put one into OPENAI_API_KEY", (await Failure(_ => Fails(401), o => o with { Key = null })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("<html><body>Welcome to the router</body></html>")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[{"message":{"content":null}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"  "}}]}""")]
    [InlineData("""{"choices":[7]}""")]
    [InlineData("""{"choices":[{"message":""")]
    [InlineData("""{"error":{"message":"model is loading"}}""")]
    public async Task An_answer_that_is_no_chat_completion_is_said_to_be_none(string body) =>
        Assert.Equal(LanguageModelProblem.BadAnswer, (await Failure(_ => new(200, Encoding.UTF8.GetBytes(body)))).Problem);

    [Fact]
    public async Task Nobody_waits_for_ever()
    {
        using var server = new LoopbackServer(_ => Says("yes") with { StallAfter = 3 });
        var (endpoint, time) = Open(server, o => o with { Retries = 0 });
        time.Patience = TimeSpan.FromMilliseconds(50);
        using var _ = endpoint;
        var failure = await Assert.ThrowsAsync<LanguageModelException>(() => endpoint.Answer(Question));
        Assert.Contains("no answer within 30 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_connection_and_an_absent_server_are_unavailable()
    {
        var cut = await Failure(_ => Says("yes") with { CutAfter = 3 }, o => o with { Retries = 1 });
        Assert.Equal(LanguageModelProblem.Unavailable, cut.Problem);

        string address;
        using (var server = new LoopbackServer(_ => Says("yes"))) address = server.Address;
        using var endpoint = new ChatEndpoint(new() { Address = address, Model = "m", Retries = 0 });
        Assert.Contains("cannot be reached", (await Assert.ThrowsAsync<LanguageModelException>(() => endpoint.Answer(Question))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_is_not_a_failure()
    {
        using var server = new LoopbackServer(_ => Says("yes") with { StallAfter = 3 });
        using var endpoint = Open(server).Endpoint;
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endpoint.Answer(Question, cancellation: cancellation.Token));
    }

    [Theory]
    [InlineData("ftp://x/v1", "sk"), InlineData("localhost", null), InlineData("http://example.org/v1", "sk"), InlineData("http://localhost/v1", "s k")]
    public void An_address_that_is_none_or_would_betray_the_key_is_refused(string address, string? key) =>
        Assert.Equal(LanguageModelProblem.BadSettings,
            Assert.Throws<LanguageModelException>(() => new ChatEndpoint(new() { Address = address, Model = "m", Key = key })).Problem);

    [Fact]
    public void Settings_come_from_the_environment_and_the_key_is_never_shown()
    {
        Dictionary<string, string?> variables = new() { ["OPENAI_BASE_URL"] = "http://here/v1", ["OPENAI_API_KEY"] = "sk-2 ", ["SAENOTEBOOKS_LLM"] = "n" };
        var options = ChatEndpointOptions.From(variables.GetValueOrDefault, null);

        Assert.Equal(("http://here/v1", "n", "sk-2"), (options.Address, options.Model, options.Key));
        Assert.Equal("n at http://here/v1, with a key", options.ToString());
        Assert.Equal("other", ChatEndpointOptions.From(variables.GetValueOrDefault, "other").Model);
        Assert.Equal(LanguageModelProblem.BadSettings, Assert.Throws<LanguageModelException>(() => ChatEndpointOptions.From(_ => null, null)).Problem);
    }
}
