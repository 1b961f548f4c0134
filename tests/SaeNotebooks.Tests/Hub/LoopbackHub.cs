using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SaeNotebooks.Hub;

namespace SaeNotebooks.Tests.Hub;

/// <summary>A hub that answers as huggingface.co does, with its large files on a second server, and a cache folder to download into.</summary>
internal sealed class LoopbackHub : IDisposable
{
    private readonly Dictionary<string, Dictionary<string, byte[]>> _repositories = [];
    private readonly Dictionary<string, string> _commits = [];
    private readonly LoopbackServer _hub, _cdn;

    public LoopbackHub()
    {
        _hub = new(asked => Misbehave?.Invoke(asked) ?? Answer(asked));
        _cdn = new(asked => MisbehaveCdn?.Invoke(asked) ?? Content(asked, _repositories.Values.SelectMany(r => r.Values).First(b => asked.Path.Contains(Sha256(b)))));
        Options = new() { Endpoint = _hub.Address, CacheFolder = Path.Combine(Folder, "hub"), Time = Time };
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("hub").FullName;

    public HastyTime Time { get; } = new();

    public HubOptions Options { get; set; }

    /// <summary>Answers in place of the hub; null lets the hub answer.</summary>
    public Func<Asked, Answer?>? Misbehave { get; set; }

    /// <summary>Answers in place of the server of large files.</summary>
    public Func<Asked, Answer?>? MisbehaveCdn { get; set; }

    public IReadOnlyList<Asked> Requests => [.. _hub.Requests];

    public IReadOnlyList<Asked> CdnRequests => [.. _cdn.Requests];

    public int MostAtOnce => _cdn.MostAtOnce;

    public string Cdn => _cdn.Address;

    public HubClient Client() => new(Options);

    /// <summary>A commit hash of a repository and its state.</summary>
    public static string Commit(string text) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Bytes that look like nothing.</summary>
    public static byte[] Bytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Git's own digest of a file, as <c>git hash-object</c> prints it.</summary>
    public static string GitDigest(byte[] content) =>
        Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>What names a file's blob: large files, which here are those named so, are in git LFS.</summary>
    public static string Digest(string name, byte[] content) => IsLarge(name) ? Sha256(content) : GitDigest(content);

    public LoopbackHub With(string repository, params (string Name, byte[] Content)[] files)
    {
        _repositories[repository] = files.ToDictionary(f => f.Name, f => f.Content);
        _commits[repository] = Commit(repository + string.Concat(files.Select(f => f.Name + Sha256(f.Content))));
        return this;
    }

    public string CommitOf(string repository) => _commits[repository];

    public string InCache(string repository, params string[] parts) =>
        Path.Combine([Options.CacheFolder, (IsDataset(repository) ? repository : $"models/{repository}").Replace("/", "--"), .. parts]);

    public string InSnapshot(string repository, string file) => InCache(repository, "snapshots", CommitOf(repository), file);

    public void Dispose()
    {
        _hub.Dispose();
        _cdn.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The whole of a file or the rest of it.</summary>
    public static Answer Content(Asked asked, byte[] content) => asked.From == 0 ? new(200, content)
        : asked.From >= content.Length ? new(416)
        : new(206, content[asked.From..]) { Headers = { ["Content-Range"] = $"bytes {asked.From}-{content.Length - 1}/{content.Length}" } };

    private static bool IsLarge(string name) => name.EndsWith(".safetensors", StringComparison.Ordinal) || name.EndsWith(".npz", StringComparison.Ordinal);

    private static bool IsDataset(string repository) => repository.StartsWith("datasets/", StringComparison.Ordinal);

    private static string Listed(string repository) => IsDataset(repository) ? repository : $"models/{repository}";

    private static Answer Refusal(int status, string code) => new(status) { Headers = { ["X-Error-Code"] = code } };

    private Answer Answer(Asked asked)
    {
        var path = Uri.UnescapeDataString(asked.Path);
        var repository = _repositories.Keys.FirstOrDefault(r => path.StartsWith($"/{r}/", StringComparison.Ordinal) || path.StartsWith($"/api/{Listed(r)}/", StringComparison.Ordinal));
        if (repository is null) return Refusal(asked.Token is null ? 401 : 404, "RepoNotFound");
        var (files, commit) = (_repositories[repository], _commits[repository]);
        var asks = path.StartsWith("/api/", StringComparison.Ordinal) ? $"/api/{Listed(repository)}/revision/" : $"/{repository}/resolve/";
        var rest = path[asks.Length..];
        var revision = new[] { "main", "refs/pr/7", commit }.FirstOrDefault(r => rest == r || rest.StartsWith(r + "/", StringComparison.Ordinal));
        if (revision is null) return Refusal(404, "RevisionNotFound");
        if (rest == revision) return new(200, JsonSerializer.SerializeToUtf8Bytes(new { sha = commit, siblings = files.Keys.Select(name => new { rfilename = name }) }));
        var file = rest[(revision.Length + 1)..];
        if (!files.TryGetValue(file, out var content))
            return new(404) { Headers = { ["X-Error-Code"] = "EntryNotFound", ["X-Repo-Commit"] = commit } };
        var headers = new Dictionary<string, string> { ["X-Repo-Commit"] = commit, ["ETag"] = $"\"{GitDigest(content)}\"" };
        if (!IsLarge(file))
        {
            var answer = Content(asked, content);
            foreach (var (name, value) in answer.Headers) headers[name] = value;
            return answer with { Headers = headers };
        }
        headers["X-Linked-Etag"] = $"\"{Sha256(content)}\"";
        headers["X-Linked-Size"] = $"{content.Length}";
        headers["Location"] = $"{_cdn.Address}/{Sha256(content)}?signature=1";
        return new(302) { Headers = headers };
    }
}
