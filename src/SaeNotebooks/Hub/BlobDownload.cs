using System.Net;

namespace SaeNotebooks.Hub;

/// <summary>Brings one file's content into the cache: one process at a time, from where an earlier attempt stopped, checked.</summary>
/// <param name="http">the connection</param>
/// <param name="cache">the repository in the cache</param>
/// <param name="request">the file, for its address and for errors</param>
/// <param name="file">the version that is wanted</param>
/// <param name="progress">told the bytes that came, or, negative, that were dropped again</param>
/// <param name="onWait">called if another process is at it</param>
internal sealed class BlobDownload(HubHttp http, HubCache cache, HubRequest request, HubFile file, Action<long> progress, Action onWait)
{
    private const int Piece = 1 << 20, MaxRestarts = 3;

    /// <exception cref="HubException">the server fails for good or contradicts itself, the checksum is wrong, the disk is full</exception>
    public async Task Run(CancellationToken cancellation)
    {
        using var alone = await HubLock.Take(cache.LockFile(file.Digest), request.Options.Time, onWait, cancellation);
        if (cache.HasBlob(file))
        {
            progress(file.Size);
            return;
        }
        using var partial = await PartialBlob.Open(cache.Partial(file.Digest), file, request.Name, cancellation);
        progress(partial.Length);
        var isResumed = partial.Length > 0;
        var digest = await Fill(partial, cancellation);
        if (digest != file.Digest && isResumed)
        {
            // Another tool may have left a partial file with holes; only a whole transfer tells.
            Restart(partial);
            digest = await Fill(partial, cancellation);
        }
        if (digest == file.Digest)
        {
            partial.Publish(cache.Blob(file.Digest));
            return;
        }
        partial.Delete();
        throw new HubException(HubProblem.WrongChecksum,
            $"'{file.Path}' of {request.Name} arrived damaged: the checksum is {digest}, expected {file.Digest}. It was deleted; try again.");
    }

    /// <summary>Fetches what is missing and returns the digest of the whole.</summary>
    private async Task<string> Fill(PartialBlob partial, CancellationToken cancellation)
    {
        // Whatever arrives before a cut is a success, so only a server that sends nothing at all runs out of tries.
        while (partial.Length < file.Size) await http.Retrying(token => Pull(partial, token), cancellation);
        return partial.Digest();
    }

    private async Task<long> Pull(PartialBlob partial, CancellationToken cancellation)
    {
        using var response = await http.Get(request.FileAddress(file.Commit), request, partial.Length, cancellation);
        if (!Continues(response, partial.Length)) Restart(partial);
        if (response.StatusCode != HttpStatusCode.OK && partial.Length == 0) return 0; // a part that fits nothing; ask again for the whole
        if (response.Content.Headers.ContentLength is { } length && length != file.Size - partial.Length)
            throw request.BadServer($"announces {file.Size:N0} bytes, but sends {partial.Length + length:N0}");
        var before = partial.Length;
        await Copy(response, partial, cancellation);
        return partial.Length - before;
    }

    /// <summary>Whether an answer goes on where the partial file ends.</summary>
    private bool Continues(HttpResponseMessage response, long from)
    {
        if (from == 0 && response.StatusCode == HttpStatusCode.OK) return true;
        return response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange is { } range
            && range.From == from && (range.Length is not { } whole || whole == file.Size);
    }

    private void Restart(PartialBlob partial)
    {
        if (partial.Restarts == MaxRestarts)
            throw request.BadServer($"cuts the transfer off and cannot go on with it; {MaxRestarts + 1} attempts came to nothing");
        progress(-partial.Length);
        partial.Restart();
    }

    private async Task Copy(HttpResponseMessage response, PartialBlob partial, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var piece = new byte[(int)Math.Min(Piece, file.Size - partial.Length + 1)]; // one more, to notice that there is more
        var before = partial.Length;
        while (await Read(body, piece, partial, before, cancellation) is > 0 and var read)
        {
            if (partial.Length + read > file.Size)
            {
                partial.Delete();
                throw request.BadServer($"announces {file.Size:N0} bytes, but sends more");
            }
            await partial.Append(piece.AsMemory(0, read), cancellation);
            progress(read);
        }
        if (partial.Length < file.Size && partial.Length == before) throw request.Cut(partial.Length, file.Size, null);
    }

    /// <summary>0 at the end, and also at a cut if something came before it.</summary>
    private async Task<int> Read(Stream body, Memory<byte> piece, PartialBlob partial, long before, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(HubHttp.Patience, request.Options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
        try { return await body.ReadAsync(piece, either.Token); }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is IOException or HttpRequestException or OperationCanceledException)
        {
            return partial.Length > before ? 0 : throw request.Cut(partial.Length, file.Size, e);
        }
    }
}
