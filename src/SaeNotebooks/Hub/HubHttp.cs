using System.Net;
using System.Net.Http.Headers;
using Polly;
using Polly.Retry;

namespace SaeNotebooks.Hub;

/// <summary>Sends requests to the hub: the token to the hub and nobody else, redirects, patience, and tries again where that can help.</summary>
internal sealed class HubHttp : IDisposable
{
    /// <summary>How long a server may be silent.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause that a server may ask for; past that the person should know.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private const int MaxRetries = 5, MaxRedirects = 5;

    private readonly HubOptions _options;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _retry;
    private readonly string _hub;

    public HubHttp(HubOptions options)
    {
        _options = options;
        _hub = Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : "";
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Patience }) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.AcceptEncoding.Add(new("identity")); // a compressed answer has another length and checksum
        _http.DefaultRequestHeaders.UserAgent.Add(new("SaeNotebooks", typeof(HubHttp).Assembly.GetName().Version?.ToString(3)));
        _retry = new ResiliencePipelineBuilder { TimeProvider = options.Time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<PassingFailure>(e => e.Wait is not { } wait || wait <= LongestPause),
            MaxRetryAttempts = MaxRetries,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromSeconds(0.5), // then 1, 2, 4 and 8 s
            DelayGenerator = args => new(args.Outcome.Exception is PassingFailure { Wait: { } wait } && wait > TimeSpan.Zero ? wait : null),
        }).Build();
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Does something, and again after a while for as long as it fails in passing.</summary>
    /// <exception cref="HubException">it failed for good, or once too often</exception>
    public async Task<T> Retrying<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellation)
    {
        var tries = 0;
        try
        {
            return await _retry.ExecuteAsync(async token =>
            {
                tries++;
                return await attempt(token);
            }, cancellation);
        }
        catch (PassingFailure e) { throw e.Final(tries); }
    }

    /// <summary>Asks for a file's headers. The answer may be a redirect, which then describes the file.</summary>
    public Task<HttpResponseMessage> Head(Uri address, HubRequest request, CancellationToken cancellation) =>
        Send(HttpMethod.Head, address, request, from: 0, cancellation);

    /// <summary>Asks for content, whose body is still to be read.</summary>
    /// <param name="address">where</param>
    /// <param name="request">what, for errors</param>
    /// <param name="from">the first byte that is wanted; the server may send all the same</param>
    /// <param name="cancellation">gives up</param>
    public Task<HttpResponseMessage> Get(Uri address, HubRequest request, long from, CancellationToken cancellation) =>
        Send(HttpMethod.Get, address, request, from, cancellation);

    private async Task<HttpResponseMessage> Send(HttpMethod method, Uri address, HubRequest request, long from, CancellationToken cancellation)
    {
        for (var hop = 0; hop <= MaxRedirects; hop++)
        {
            var response = await SendOnce(method, address, request, from, cancellation);
            var next = Redirect(response, address);
            if (next is null && request.Failure(response) is { } failure && !IsPastTheEnd(response))
            {
                response.Dispose();
                throw failure;
            }
            if (next is null || method == HttpMethod.Head && (HubFile.Header(response, HubFile.LinkedDigestHeader) is not null || !IsHub(next))) return response;
            response.Dispose();
            if (next.Scheme != Uri.UriSchemeHttp && next.Scheme != Uri.UriSchemeHttps)
                throw request.BadServer($"redirects to '{next.Scheme}:', where nothing is fetched from");
            if (address.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
                throw request.BadServer($"redirects from https to {next.Scheme}://{next.Authority}, which nobody protects");
            address = next;
        }
        throw request.BadServer($"redirects more than {MaxRedirects} times");
    }

    private async Task<HttpResponseMessage> SendOnce(HttpMethod method, Uri address, HubRequest request, long from, CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(method, address);
        if (_options.Token is { } token && IsHub(address)) message.Headers.Authorization = new("Bearer", Checked(token));
        if (from > 0) message.Headers.Range = new RangeHeaderValue(from, null);
        using var silence = new CancellationTokenSource(Patience, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
        try { return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token); }
        catch (HttpRequestException e) { throw request.Unreachable(address, e.Message, e); }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw request.Unreachable(address, $"no answer within {Patience.TotalSeconds:0} s", e);
        }
    }

    private static Uri? Redirect(HttpResponseMessage response, Uri from) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } to ? new Uri(from, to) : null;

    /// <summary>The server has nothing from that byte on; whoever asked for the rest of a file knows what to do.</summary>
    private static bool IsPastTheEnd(HttpResponseMessage response) => response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable;

    /// <summary>Scheme, host and port: the token goes nowhere else.</summary>
    private bool IsHub(Uri address) => address.GetLeftPart(UriPartial.Authority) == _hub;

    private static string Checked(string token) => token.All(c => c is > ' ' and < '\u007F') ? token
        : throw new HubException(HubProblem.BadToken, "The hub's token has a blank or a foreign character in it; copy it again into HF_TOKEN, without quotes.");
}
