using System.Text.Json;

namespace SaeNotebooks.Hub;

/// <summary>What files a repository has at a revision.</summary>
/// <param name="Commit">the commit that the revision means at the moment</param>
/// <param name="Names">the files, with "/"</param>
internal sealed record HubListing(string Commit, IReadOnlyList<string> Names)
{
    private const long MaxLength = 64 << 20;

    /// <summary>Reads <c>{"sha": COMMIT, "siblings": [{"rfilename": NAME}, …]}</c>.</summary>
    /// <exception cref="HubException">the answer is anything else</exception>
    public static async Task<HubListing> Read(HttpResponseMessage response, HubRequest request, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(HubHttp.Patience, request.Options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxLength, either.Token);
            using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), default, cancellation);
            var commit = json.RootElement.GetProperty("sha").GetString();
            if (commit is null || !HubPath.IsCommit(commit)) throw request.BadServer("names no commit");
            return new(commit, [.. json.RootElement.GetProperty("siblings").EnumerateArray().Select(s => s.GetProperty("rfilename").GetString() ?? "")]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw request.BadServer($"sends no list of files ({e.Message.TrimEnd('.')})");
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw request.BadServer($"sends more than {MaxLength:N0} bytes");
        }
        catch (Exception e) when (e is HttpRequestException or IOException || e is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw request.Unreachable(request.ListAddress, "the answer broke off", e);
        }
    }
}
