using System.Diagnostics;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>The most memory that this process has had in use.</summary>
internal static class ProcessMemory
{
    private const string ClearFile = "/proc/self/clear_refs";

    /// <summary>MiB since the process began or <see cref="Reset"/> (VmHWM on Linux).</summary>
    public static double PeakMiB()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 / 1048576.0;
    }

    /// <summary>Begins again with what is in use now; on Linux only.</summary>
    public static void Reset()
    {
        GC.Collect();
        if (File.Exists(ClearFile)) File.WriteAllText(ClearFile, "5"); // proc(5)
    }
}
