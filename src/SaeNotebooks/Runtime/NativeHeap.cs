using System.Runtime.InteropServices;

namespace SaeNotebooks.Runtime;

/// <summary>
/// Keeps the C library from giving the memory of every large tensor back to the system as soon as the tensor is gone, only to fetch it again,
/// page by page, for the next one: a product whose buffer is larger than what is kept took four times as long.
/// </summary>
internal static partial class NativeHeap
{
    /// <summary>What glibc's malloc.h calls M_TRIM_THRESHOLD, M_MMAP_THRESHOLD and M_ARENA_MAX.</summary>
    private const int TrimThreshold = -1, MmapThreshold = -3, ArenaMax = -8;

    /// <summary>The largest that glibc accepts: 32 MB. Larger blocks always go back.</summary>
    private const int LargestKept = 32 << 20;

    private const int MostFree = 512 << 20;

    /// <summary>By these, libtorch asks for pages of 2 MB for large tensors, and a person may have chosen glibc's settings.</summary>
    private const string HugePagesVariable = "THP_MEM_ALLOC_ENABLE", TrimVariable = "MALLOC_TRIM_THRESHOLD_";

    /// <summary>Has its full effect only before libtorch is loaded, which reads its environment once.</summary>
    public static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            NativeEnvironment.SetIfUnset(HugePagesVariable, "1");
            if (Environment.GetEnvironmentVariable(TrimVariable) is not null) return;
            _ = SetOption(MmapThreshold, LargestKept);
            _ = SetOption(TrimThreshold, MostFree);
            _ = SetOption(ArenaMax, 1); // a heap of its own for each thread would keep its own free memory
        }
        catch (EntryPointNotFoundException) { } // another C library: slower, and nothing else
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
