using System.Runtime.InteropServices;

namespace SaeNotebooks.Features.Storage;

/// <summary>
/// Asks the system to read parts of mapped files before somebody waits for them. A page that is touched without that is a wait for the disk, and one begins
/// only when the one before has ended; what is asked for is read at once.
/// </summary>
internal static unsafe partial class ReadAhead
{
    /// <summary>What Linux and macOS call MADV_WILLNEED.</summary>
    private const int WillNeed = 3;

    private static readonly bool IsThere = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <summary>Returns at once; where a system has no such call, pages are read when they are touched.</summary>
    /// <param name="start">in a mapping</param>
    /// <param name="bytes">how many</param>
    public static void Request(byte* start, long bytes)
    {
        if (!IsThere || bytes <= 0) return;
        var within = (nint)start % Environment.SystemPageSize; // an address is a multiple of the page
        _ = Advise(start - within, (nuint)(bytes + within), WillNeed);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* start, nuint length, int advice);
}
