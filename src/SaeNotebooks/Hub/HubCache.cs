using System.IO.Enumeration;

namespace SaeNotebooks.Hub;

/// <summary>
/// One repository in the cache that Python's huggingface_hub shares (https://huggingface.co/docs/hub/local-cache): contents in
/// <c>blobs/DIGEST</c>, files as relative links to them in <c>snapshots/COMMIT/PATH</c>, branches and tags in <c>refs/NAME</c>, files
/// known to be missing in <c>.no_exist/COMMIT/PATH</c>.
/// </summary>
internal sealed class HubCache(HubOptions options, HubName name)
{
    private readonly string _root = Path.GetFullPath(options.CacheFolder);

    private string FolderName => $"{(name.IsDataset ? "datasets" : "models")}--{name.Repository.Replace("/", "--")}";

    private string Folder => Path.Combine(_root, FolderName);

    private string RefFile => Path.Combine(Folder, "refs", name.Revision);

    public string Blob(string digest) => Path.Combine(Folder, "blobs", digest);

    /// <summary>Whether a file's content is here in full.</summary>
    public bool HasBlob(HubFile file)
    {
        FileSystemInfo blob = new FileInfo(Blob(file.Digest));
        if (blob.LinkTarget is not null) blob = blob.ResolveLinkTarget(returnFinalTarget: true)!; // into the store that Python shares among repositories
        return blob is FileInfo { Exists: true } content && content.Length == file.Size;
    }

    public string Partial(string digest) => $"{Blob(digest)}.incomplete";

    public string LockFile(string digest) => Path.Combine(_root, ".locks", FolderName, $"{digest}.lock");

    public string Snapshot(string commit) => Path.Combine(Folder, "snapshots", commit);

    /// <summary>The commit that the revision meant when it was last looked up; null if it never was.</summary>
    public string? Commit()
    {
        if (name.IsCommit) return name.Revision;
        if (!File.Exists(RefFile)) return null;
        var commit = File.ReadAllText(RefFile).Trim();
        return HubPath.IsCommit(commit) ? commit
            : throw Damaged(RefFile, "holds no commit");
    }

    /// <summary>Notes what the revision means now.</summary>
    public void Remember(string commit)
    {
        if (name.IsCommit || File.Exists(RefFile) && File.ReadAllText(RefFile) == commit) return;
        Replace(RefFile, partial => File.WriteAllText(partial, commit));
    }

    /// <summary>A file's path in the snapshot; null if it is not there.</summary>
    /// <exception cref="HubException">it is a link that leads out of the cache, or nowhere but to itself</exception>
    public string? Find(string commit, string file)
    {
        var path = Path.Combine(Snapshot(commit), file);
        RequireOwnFolders(path);
        var info = new FileInfo(path);
        if (info.LinkTarget is null) return info.Exists ? path : null;
        var target = FinalTarget(info);
        if (!target.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw Damaged(path, $"is a link out of the cache, to {target}");
        return File.Exists(target) ? path : null;
    }

    /// <summary>The names of the files in a snapshot.</summary>
    public IReadOnlyList<string> Names(string commit)
    {
        var folder = Snapshot(commit);
        if (!Directory.Exists(folder)) return [];
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        return [.. new FileSystemEnumerable<string>(folder, (ref FileSystemEntry e) => Path.GetRelativePath(folder, e.ToFullPath()).Replace('\\', '/'), everything)
        {
            ShouldIncludePredicate = (ref FileSystemEntry e) => !e.IsDirectory,
            ShouldRecursePredicate = (ref FileSystemEntry e) => !e.Attributes.HasFlag(FileAttributes.ReparsePoint),
        }.Order(StringComparer.Ordinal)];
    }

    /// <summary>Shows downloaded blobs as files of the snapshot. Without symbolic links the blobs move there, as in Python.</summary>
    public void Link(IReadOnlyCollection<HubFile> files)
    {
        var copied = files.Where(file => !Link(file)).ToList();
        foreach (var file in copied) File.Delete(Blob(file.Digest));
    }

    /// <summary>Whether a commit is known not to have a file.</summary>
    public bool IsMissing(string commit, string file) => File.Exists(MissingMark(commit, file));

    /// <summary>Notes that a commit has not got a file.</summary>
    public void RememberMissing(string commit, string file) => Replace(MissingMark(commit, file), partial => File.WriteAllBytes(partial, []));

    private string MissingMark(string commit, string file) => Path.Combine(Folder, ".no_exist", commit, file);

    /// <summary>Whether it is a link and no copy.</summary>
    private bool Link(HubFile file)
    {
        var (path, blob) = (Path.Combine(Snapshot(file.Commit), file.Path), Blob(file.Digest));
        RequireOwnFolders(path);
        var isLink = options.Symlinks;
        Replace(path, partial =>
        {
            if (isLink && !TryLink(partial, Path.GetRelativePath(Path.GetDirectoryName(path)!, blob))) isLink = false;
            if (!isLink) File.Copy(blob, partial, overwrite: true);
        });
        return isLink;
    }

    /// <summary>Windows allows links in developer mode only, some network disks never.</summary>
    private static bool TryLink(string path, string target)
    {
        try
        {
            File.CreateSymbolicLink(path, target);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return false; }
    }

    /// <summary>Folders of a snapshot are never links; one that is would make others' files the model's, or the model's others'.</summary>
    private void RequireOwnFolders(string path)
    {
        for (var at = Path.GetDirectoryName(path)!; at.Length > Folder.Length; at = Path.GetDirectoryName(at)!)
            if (new DirectoryInfo(at).LinkTarget is not null) throw Damaged(at, "is a link, and folders of the cache are none");
    }

    private static string FinalTarget(FileInfo link)
    {
        try { return link.ResolveLinkTarget(returnFinalTarget: true)!.FullName; }
        catch (IOException e) { throw Damaged(link.FullName, "is a link that leads back to itself", e); }
    }

    private static void Replace(string path, Action<string> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = $"{path}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.partial";
        try
        {
            write(partial);
            File.Move(partial, path, overwrite: true);
        }
        finally { File.Delete(partial); }
    }

    private static HubException Damaged(string path, string problem, Exception? cause = null) =>
        new(HubProblem.DamagedCache, $"{path} {problem}; delete it and download again.", cause);
}
