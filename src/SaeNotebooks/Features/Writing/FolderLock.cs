namespace SaeNotebooks.Features.Writing;

/// <summary>The right to write a folder, for one writer of one process at a time. The system's lock on a file beside it, so it ends with its process.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="FeatureIndexException">somebody else is writing it</exception>
    public static FolderLock Take(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + ".lock";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try { return new(new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose)); }
        catch (IOException e) when (e is not DirectoryNotFoundException)
        {
            throw new FeatureIndexException($"'{folder}' is being written by another process or notebook ({path} is locked); wait for it, or name another folder.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
