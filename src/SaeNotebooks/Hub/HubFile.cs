using System.Globalization;

namespace SaeNotebooks.Hub;

/// <summary>One version of one file, as the hub describes it in the headers of its answer.</summary>
/// <param name="Path">in the repository, with "/"</param>
/// <param name="Commit">the commit that the revision means at the moment</param>
/// <param name="Digest">what names the blob and checks it: SHA-256 of large files, git's SHA-1 of the rest</param>
/// <param name="Size">in bytes</param>
internal sealed record HubFile(string Path, string Commit, string Digest, long Size)
{
    /// <summary>Names a commit; also with the answer that a file is missing.</summary>
    public const string CommitHeader = "X-Repo-Commit";

    /// <summary>Digest and size of a file that the answer only links to, because it lies on another server.</summary>
    public const string LinkedDigestHeader = "X-Linked-Etag", LinkedSizeHeader = "X-Linked-Size";

    /// <exception cref="HubException">a header is missing or is not what a hub sends</exception>
    public static HubFile Read(string path, HttpResponseMessage response, HubRequest request)
    {
        var digest = Digests(response) ?? throw request.BadServer("does not say what the file's checksum is");
        var commit = Header(response, CommitHeader);
        if (commit is null || !HubPath.IsCommit(commit)) throw request.BadServer($"answers without {CommitHeader}, so it is no hub");
        if (!HubPath.IsDigest(digest)) throw request.BadServer($"gives '{HubPath.Shown(digest)}' as checksum, which is neither SHA-1 nor SHA-256");
        return new(path, commit, digest, Length(response) ?? throw request.BadServer("does not say how large the file is"));
    }

    /// <summary>The digest in an answer; null if it has none.</summary>
    public static string? Digests(HttpResponseMessage response) => (Header(response, LinkedDigestHeader) ?? Header(response, "ETag")) is { } etag
        ? (etag.StartsWith("W/", StringComparison.Ordinal) ? etag[2..] : etag).Trim('"')
        : null;

    /// <summary>A header's value; null if it is missing.</summary>
    public static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    private static long? Length(HttpResponseMessage response) => Header(response, LinkedSizeHeader) is { } linked
        ? long.TryParse(linked, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null
        : response.Content.Headers.ContentLength;
}
