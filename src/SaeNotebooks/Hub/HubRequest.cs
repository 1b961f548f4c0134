using System.Net;

namespace SaeNotebooks.Hub;

/// <summary>What is asked of the hub, and what its refusals mean to a person.</summary>
/// <param name="Options">where the hub is and with what token</param>
/// <param name="Name">the repository</param>
/// <param name="Path">the file, or null for the list of files</param>
internal sealed record HubRequest(HubOptions Options, HubName Name, string? Path)
{
    private string What => Path is null ? $"the list of files of {Name}" : $"'{Path}' of {Name}";

    private string Page => $"{Options.Endpoint}/{Name.Address}";

    private string TokensPage => $"{Options.Endpoint}/settings/tokens";

    private string TokenPlaces => $"the environment variable HF_TOKEN{(Options.TokenFile is { } file ? $" or the file {file}" : "")}";

    /// <summary>Where the file is.</summary>
    /// <param name="revision">by default the name's own</param>
    public Uri FileAddress(string? revision = null) =>
        Address($"{Name.Address}/resolve/{Uri.EscapeDataString(revision ?? Name.Revision)}/{string.Join('/', Path!.Split('/').Select(Uri.EscapeDataString))}");

    /// <summary>Where the list of files is.</summary>
    public Uri ListAddress => Address($"api/{(Name.IsDataset ? "datasets" : "models")}/{Name.Repository}/revision/{Uri.EscapeDataString(Name.Revision)}");

    /// <summary>What an answer means; null if it is what was asked for.</summary>
    public Exception? Failure(HttpResponseMessage response)
    {
        var status = response.StatusCode;
        var code = HubFile.Header(response, "X-Error-Code");
        if (response.IsSuccessStatusCode || (int)status is >= 300 and < 400) return null;
        if (status == HttpStatusCode.TooManyRequests || status == HttpStatusCode.RequestTimeout || (int)status >= 500) return Passing(response);
        return code switch
        {
            "GatedRepo" => Gated(),
            "RepoNotFound" => NoRepository(),
            "RevisionNotFound" => new HubException(HubProblem.NoRevision,
                $"{Name.Repository} has no revision '{Name.Revision}'; its branches and tags are listed at {Page}/tree/main."),
            "EntryNotFound" => NoFile(HubFile.Header(response, HubFile.CommitHeader)),
            _ => Plain(response),
        };
    }

    /// <summary>A server that cannot be reached.</summary>
    public PassingFailure Unreachable(Uri address, string why, Exception cause) => new(HubProblem.Unreachable,
        $"{address.GetLeftPart(UriPartial.Authority)} cannot be reached for {What} ({why}); check the connection, or set HF_HUB_OFFLINE=1 " +
        $"to use only what is in {Options.CacheFolder}", null, cause);

    /// <summary>A transfer that stopped before its end.</summary>
    public PassingFailure Cut(long received, long size, Exception? cause) => new(HubProblem.Unavailable,
        $"The transfer of {What} was cut off after {received:N0} of {size:N0} bytes; ask again and it goes on from there", null, cause);

    /// <summary>A file that the revision has not got.</summary>
    public HubException NoFile(string? commit = null) => new(HubProblem.NoFile,
        $"{Name} has no file '{Path}'; its files are listed at {Page}/tree/{Name.Revision}.") { Commit = commit };

    /// <summary>A server that does not behave as a hub.</summary>
    public HubException BadServer(string problem) => new(HubProblem.BadServer, $"{Options.Endpoint} {problem} (asked for {What}); check HF_ENDPOINT.");

    private Uri Address(string path) => Uri.TryCreate($"{Options.Endpoint}/{path}", UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? uri
        : throw new HubException(HubProblem.BadServer, $"The hub's address '{Options.Endpoint}' is none; check HF_ENDPOINT.");

    private HubException Gated() => new(HubProblem.Gated, Options.Token is null
        ? $"{Name.Repository} is gated: accept its licence at {Page}, then put a token from {TokensPage} into {TokenPlaces}."
        : $"{Name.Repository} is gated, and your token's account has no access yet: accept the licence at {Page} with that account. " +
          $"A fine-grained token also needs leave to read gated repositories ({TokensPage}).");

    private HubException NoRepository() => new(HubProblem.NoRepository,
        $"There is no repository '{Name.Repository}' at {Options.Endpoint}, or it is private: check the spelling, or " +
        (Options.Token is null ? $"put a token from {TokensPage} into {TokenPlaces}." : "use a token that may read it."));

    private HubException Plain(HttpResponseMessage response) => response.StatusCode switch
    {
        // Without a token the hub answers 401 for what does not exist, lest it tell what private repositories there are.
        HttpStatusCode.Unauthorized when Options.Token is null => NoRepository(),
        HttpStatusCode.Unauthorized => new(HubProblem.BadToken,
            $"{Options.Endpoint} does not accept your token for {What}: make a new one at {TokensPage} and put it into {TokenPlaces}."),
        HttpStatusCode.Forbidden => new(HubProblem.Gated, $"{Options.Endpoint} forbids {What}{Said(response)}; see {Page} for what it takes."),
        HttpStatusCode.NotFound => new(Path is null ? HubProblem.NoRepository : HubProblem.NoFile, $"{Options.Endpoint} has not got {What}; see {Page}."),
        _ => new(HubProblem.BadServer, $"{Options.Endpoint} answers {(int)response.StatusCode} for {What}{Said(response)}."),
    };

    private PassingFailure Passing(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter is { } after
            ? after.Delta ?? after.Date - Options.Time.GetUtcNow()
            : null;
        var limit = response.StatusCode == HttpStatusCode.TooManyRequests
            ? $"{Options.Endpoint} limits requests (429) and was asked for {What}; " +
              (Options.Token is null ? $"with a token (in {TokenPlaces}) the limit is higher" : "wait some minutes")
            : $"{Options.Endpoint} answers {(int)response.StatusCode} for {What}; try again later";
        return new(HubProblem.Unavailable, limit, wait, null);
    }

    private static string Said(HttpResponseMessage response) =>
        HubFile.Header(response, "X-Error-Message") is { } said ? $" ('{HubPath.Shown(said)}')" : "";
}

/// <summary>A failure that may be over at the next try.</summary>
/// <param name="problem">what it is if it is not over</param>
/// <param name="message">what it says then, without the full stop</param>
/// <param name="wait">how long the server asks to wait</param>
/// <param name="cause">the exception underneath</param>
internal sealed class PassingFailure(HubProblem problem, string message, TimeSpan? wait, Exception? cause) : Exception(message, cause)
{
    /// <summary>How long the server asks to wait, if it does.</summary>
    public TimeSpan? Wait => wait;

    /// <summary>The failure when no more is tried.</summary>
    /// <param name="tries">how often it was tried</param>
    public HubException Final(int tries) => new(problem, tries > 1 ? $"{Message} (tried {tries} times)." : $"{Message}.", this);
}
