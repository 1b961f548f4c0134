namespace SaeNotebooks.Hub;

/// <summary>
/// Files of HuggingFace repositories, downloaded once into the cache that Python's huggingface_hub uses too. A cut transfer goes on where
/// it stopped, every file is checked, and two processes do not download the same one twice. If the server fails or cannot be reached,
/// what the cache has of the revision is used. Safe for several threads, except for <see cref="Dispose"/>.
/// </summary>
/// <example><code>
/// using var hub = new HubClient();
/// var file   = hub.File("jbloom/GPT2-Small-SAEs-Reformatted", "blocks.8.hook_resid_pre/cfg.json");
/// var folder = hub.Download("openai-community/gpt2", ["*.json", "model.safetensors"]);
/// </code></example>
public sealed class HubClient : IDisposable
{
    private readonly HubOptions _options;
    private readonly HubHttp _http;

    /// <summary>A client of a hub.</summary>
    /// <param name="options">by default <see cref="HubOptions.FromEnvironment"/></param>
    public HubClient(HubOptions? options = null)
    {
        _options = options ?? HubOptions.FromEnvironment();
        _http = new(_options);
    }

    /// <summary>One file's local path, after downloading it if the cache has not got it. It belongs to the cache: read it, do not write.</summary>
    /// <param name="repository">such as <c>google/gemma-scope-2b-pt-res</c></param>
    /// <param name="path">of the file in the repository, with "/"</param>
    /// <param name="revision">branch, tag or commit; only a commit is never looked up again</param>
    /// <param name="cancellation">gives up; the next attempt takes up what was transferred</param>
    /// <exception cref="HubException">it cannot be had; the message says why and what to do</exception>
    public string File(string repository, string path, string revision = HubName.DefaultRevision, CancellationToken cancellation = default) =>
        Wait(() => FileAsync(repository, path, revision, cancellation));

    /// <inheritdoc cref="File"/>
    public async Task<string> FileAsync(string repository, string path, string revision = HubName.DefaultRevision, CancellationToken cancellation = default) =>
        await FindFileAsync(repository, path, revision, cancellation) ?? throw new HubRequest(_options, new(repository, revision), path).NoFile();

    /// <summary>One file's local path, or null if the repository has no such file at that revision.</summary>
    /// <inheritdoc cref="File"/>
    public string? FindFile(string repository, string path, string revision = HubName.DefaultRevision, CancellationToken cancellation = default) =>
        Wait(() => FindFileAsync(repository, path, revision, cancellation));

    /// <inheritdoc cref="FindFile"/>
    public Task<string?> FindFileAsync(string repository, string path, string revision = HubName.DefaultRevision, CancellationToken cancellation = default) =>
        new HubTransfer(_options, _http, new(repository, revision)).Find(path, cancellation);

    /// <summary>Downloads the files that fit any of several patterns, those that the cache has not got.</summary>
    /// <param name="repository">such as <c>openai-community/gpt2</c>, or <c>datasets/org/name</c></param>
    /// <param name="patterns">file names in which <c>*</c> stands for any text, "/" too, and <c>?</c> for one character; each must fit a file.
    /// Offline they choose among the files that the cache has</param>
    /// <param name="revision">branch, tag or commit</param>
    /// <param name="cancellation">gives up; the next attempt takes up what was transferred</param>
    /// <returns>the folder in which the files have the repository's names. It belongs to the cache: read, do not write</returns>
    /// <exception cref="HubException">they cannot be had; the message says why and what to do</exception>
    public string Download(string repository, IReadOnlyList<string> patterns, string revision = HubName.DefaultRevision, CancellationToken cancellation = default) =>
        Wait(() => DownloadAsync(repository, patterns, revision, cancellation));

    /// <inheritdoc cref="Download(string, IReadOnlyList{string}, string, CancellationToken)"/>
    public Task<string> DownloadAsync(string repository, IReadOnlyList<string> patterns, string revision = HubName.DefaultRevision,
        CancellationToken cancellation = default)
    {
        var name = new HubName(repository, revision);
        return new HubTransfer(_options, _http, name).Download(names => Fitting(names, patterns, name), cancellation);
    }

    /// <summary>The names of all files of a repository, with "/". Not to be had offline.</summary>
    /// <exception cref="HubException">the list cannot be had; the message says why and what to do</exception>
    public IReadOnlyList<string> List(string repository, string revision = HubName.DefaultRevision, CancellationToken cancellation = default) =>
        Wait(() => ListAsync(repository, revision, cancellation));

    /// <inheritdoc cref="List"/>
    public async Task<IReadOnlyList<string>> ListAsync(string repository, string revision = HubName.DefaultRevision, CancellationToken cancellation = default) =>
        (await new HubTransfer(_options, _http, new(repository, revision)).List(cancellation)).Names;

    /// <summary>Downloads what a language model needs to run, and nothing that says the same in another format.</summary>
    /// <returns>the folder</returns>
    internal string DownloadModel(HubName name, CancellationToken cancellation = default) =>
        Wait(() => new HubTransfer(_options, _http, name).Download(names => ModelFiles.Needed(names, name), cancellation));

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static IReadOnlyList<string> Fitting(IReadOnlyList<string> names, IReadOnlyList<string> patterns, HubName name)
    {
        foreach (var pattern in patterns)
            if (!names.Any(n => HubPath.Matches(n, pattern)))
            {
                var some = string.Join(", ", names.Take(12).Select(HubPath.Shown)) + (names.Count > 12 ? $" and {names.Count - 12} more" : "");
                throw new HubException(HubProblem.NoFile, $"{name} has no file '{pattern}'; it has {some}.");
            }
        return [.. names.Where(n => patterns.Any(p => HubPath.Matches(n, p)))];
    }

    /// <summary>Off the caller's synchronisation context, which might be waiting here itself.</summary>
    private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
}
