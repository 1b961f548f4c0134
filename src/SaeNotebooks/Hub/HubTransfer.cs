namespace SaeNotebooks.Hub;

/// <summary>Brings files of one repository at one revision into the cache.</summary>
internal sealed class HubTransfer(HubOptions options, HubHttp http, HubName name)
{
    private readonly HubCache _cache = new(options, name);

    /// <summary>One file, or null if the revision has none of that name.</summary>
    /// <exception cref="HubException">it cannot be had, now or at all</exception>
    public Task<string?> Find(string path, CancellationToken cancellation)
    {
        HubPath.Require(path, name);
        return InCache(() => FindHere(path, cancellation));
    }

    private async Task<string?> FindHere(string path, CancellationToken cancellation)
    {
        var commit = _cache.Commit();
        var cached = commit is null ? null : _cache.Find(commit, path);
        if (name.IsCommit || options.Offline)
        {
            if (cached is not null) return cached;
            if (commit is not null && _cache.IsMissing(commit, path)) return null;
            if (options.Offline) throw NotCached($"'{path}' of {name}", null);
        }
        HubFile? file;
        try { file = await Describe(path, cancellation); }
        catch (HubException e) when (e.IsPassing && cached is not null) { return cached; }
        if (file is null) return null;
        if (_cache.Find(file.Commit, path) is null) await Fetch([file], cancellation);
        _cache.Remember(file.Commit);
        return _cache.Find(file.Commit, path);
    }

    /// <summary>Several files, which all appear in the snapshot together, or none.</summary>
    /// <param name="choose">picks among the names of all files</param>
    /// <param name="cancellation">gives up; what was transferred so far is taken up by the next attempt</param>
    /// <returns>the snapshot's folder</returns>
    /// <exception cref="HubException">they cannot be had, now or at all</exception>
    public Task<string> Download(Func<IReadOnlyList<string>, IReadOnlyList<string>> choose, CancellationToken cancellation) =>
        InCache(() => DownloadHere(choose, cancellation));

    private async Task<string> DownloadHere(Func<IReadOnlyList<string>, IReadOnlyList<string>> choose, CancellationToken cancellation)
    {
        if (options.Offline) return FromCache(choose, null);
        HubListing listing;
        try { listing = await List(cancellation); }
        catch (HubException e) when (e.IsPassing && _cache.Commit() is not null) { return FromCache(choose, e); }

        var chosen = choose(listing.Names);
        foreach (var path in chosen) HubPath.Require(path, name);
        var missing = chosen.Where(path => _cache.Find(listing.Commit, path) is null).ToList();
        var at = new HubTransfer(options, http, new(name.Address, listing.Commit)); // the branch may move meanwhile
        if (missing.Count > 0) await at.Fetch(await at.Describe(missing, cancellation), cancellation);
        _cache.Remember(listing.Commit); // only now, lest an unfinished snapshot take the place of a whole one
        return _cache.Snapshot(listing.Commit);
    }

    /// <summary>The names of all files.</summary>
    public async Task<HubListing> List(CancellationToken cancellation)
    {
        var request = new HubRequest(options, name, null);
        using var waiting = Progress.Start($"Asking {options.Endpoint} for {name}", unit: "answers", cancellation: cancellation);
        return await http.Retrying(async token =>
        {
            using var response = await http.Get(request.ListAddress, request, from: 0, token);
            return await HubListing.Read(response, request, token);
        }, waiting.Cancellation);
    }

    private string FromCache(Func<IReadOnlyList<string>, IReadOnlyList<string>> choose, HubException? cause)
    {
        if (_cache.Commit() is not { } commit || _cache.Names(commit) is not { Count: > 0 } names) throw NotCached($"{name}", cause);
        try
        {
            foreach (var path in choose(names))
                if (_cache.Find(commit, path) is null) throw NotCached($"'{path}' of {name}", cause);
            return _cache.Snapshot(commit);
        }
        catch (HubException e) when (e.Problem == HubProblem.NoFile) { throw NotCached($"all of {name}", cause ?? e); }
    }

    private async Task<IReadOnlyList<HubFile>> Describe(IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        using var progress = Progress.Start($"Looking up files of {name}", paths.Count, "files", cancellation: cancellation);
        var files = new HubFile[paths.Count];
        var done = 0L;
        await Parallel.ForAsync(0, paths.Count, Limits(progress.Cancellation), async (i, token) =>
        {
            files[i] = await Describe(paths[i], token) ?? throw new HubRequest(options, name, paths[i]).BadServer("lists a file that it does not have");
            progress.Report(Interlocked.Increment(ref done));
        });
        return files;
    }

    private async Task<HubFile?> Describe(string path, CancellationToken cancellation)
    {
        var request = new HubRequest(options, name, path);
        using var waiting = Progress.Start($"Asking {options.Endpoint} for {name}", unit: "answers", cancellation: cancellation);
        try
        {
            return await http.Retrying(async token =>
            {
                using var response = await http.Head(request.FileAddress(), request, token);
                return HubFile.Read(path, response, request);
            }, waiting.Cancellation);
        }
        catch (HubException e) when (e.Problem == HubProblem.NoFile)
        {
            if (e.Commit is { } commit && HubPath.IsCommit(commit))
            {
                if (_cache.Commit() is null) _cache.Remember(commit);
                _cache.RememberMissing(commit, path);
            }
            return null;
        }
    }

    private async Task Fetch(IReadOnlyList<HubFile> files, CancellationToken cancellation)
    {
        var absent = files.Where(f => !_cache.HasBlob(f)).DistinctBy(f => f.Digest).ToList();
        RequireSpace(absent);
        using var progress = Progress.Start($"Downloading {name.Repository}", Megabytes(absent.Sum(f => f.Size)), "MB", cancellation: cancellation);
        var bytes = 0L;
        void Received(long count) => progress.Report(Megabytes(Interlocked.Add(ref bytes, count)));
        await Parallel.ForEachAsync(absent.OrderBy(f => f.Size), Limits(progress.Cancellation), async (file, token) =>
        {
            void OnWait() => progress.Report(Megabytes(Interlocked.Read(ref bytes)), $"another process is downloading {file.Path}");
            await new BlobDownload(http, _cache, new(options, name, file.Path), file, Received, OnWait).Run(token);
        });
        _cache.Link(files);
    }

    /// <summary>Rounded up, so that the last byte makes the bar full.</summary>
    private static long Megabytes(long bytes) => (bytes + 999_999) / 1_000_000;

    private async Task<T> InCache<T>(Func<Task<T>> work)
    {
        try { return await work(); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubException(HubProblem.Disk, $"The cache in {options.CacheFolder} could not take {name}: {e.Message.TrimEnd('.')}; " +
                "give yourself the right to write there, or set HF_HOME to another folder.", e);
        }
    }

    /// <summary>Better before the first byte than after an hour.</summary>
    private void RequireSpace(IEnumerable<HubFile> files)
    {
        Directory.CreateDirectory(options.CacheFolder);
        var needed = files.Sum(f => (decimal)f.Size - (new FileInfo(_cache.Partial(f.Digest)) is { Exists: true } partial ? partial.Length : 0));
        var free = options.FreeSpace(options.CacheFolder);
        if (needed > free)
            throw new HubException(HubProblem.Disk, $"{name} needs {needed / 1e9m:N1} GB more, but the disk of {options.CacheFolder} has " +
                $"{free / 1e9:N1} GB free; make room, or set HF_HOME to a folder on another disk.");
    }

    private ParallelOptions Limits(CancellationToken cancellation) => new() { MaxDegreeOfParallelism = options.Parallel, CancellationToken = cancellation };

    private HubException NotCached(string what, HubException? cause) => new(HubProblem.NotCached,
        $"The cache ({options.CacheFolder}) does not have {what}; " + (options.Offline
            ? $"HF_HUB_OFFLINE is set, so nothing is downloaded{(cause is null ? "." : $". {cause.Message}")}"
            : cause?.Message), cause);
}
