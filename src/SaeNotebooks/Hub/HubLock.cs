namespace SaeNotebooks.Hub;

/// <summary>
/// The right to download one blob, for one task of one process at a time. The system's own lock on the lock file, which Python's
/// huggingface_hub takes too (flock), so it ends with its process however that ends; the file itself stays and means nothing.
/// </summary>
internal sealed class HubLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _file;

    private HubLock(FileStream file) => _file = file;

    /// <summary>Waits until nobody else has the lock.</summary>
    /// <param name="path">the lock file</param>
    /// <param name="time">what pauses are measured with</param>
    /// <param name="onWait">called once, if there is somebody to wait for</param>
    /// <param name="cancellation">gives up</param>
    public static async Task<HubLock> Take(string path, TimeProvider time, Action onWait, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var isFirst = true; ; isFirst = false)
        {
            try { return new(new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)); }
            catch (IOException e) when (IsHeld(e)) { if (isFirst) onWait(); }
            await Task.Delay(Pause, time, cancellation);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>EWOULDBLOCK of Linux and of macOS, and Windows's sharing and lock violations.</summary>
    private static bool IsHeld(IOException e) => e.HResult is 11 or 35 || (uint)e.HResult is 0x80070020 or 0x80070021;
}
