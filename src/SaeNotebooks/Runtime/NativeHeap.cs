using System.Runtime.InteropServices;

namespace SaeNotebooks.Runtime;

/// <summary>How the C library deals with memory that tensors have given back.</summary>
public static partial class NativeHeap
{
    private const int TrimThreshold = -1, MappingThreshold = -3, Arenas = -8; // M_… of malloc.h
    private const int LargestMappingThreshold = 32 << 20; // what glibc accepts at most on 64 bits

    /// <summary>
    /// Keeps what is freed for the next allocation instead of handing it back to the system: a loop that makes tensors of the same sizes again and
    /// again otherwise pays for fresh pages every time, which on virtual machines costs more than the arithmetic on them. Blocks over 32 MB
    /// go back all the same. Concerns the whole process, from then on; does nothing where the C library is not glibc.
    /// </summary>
    /// <returns>whether it took effect</returns>
    public static bool KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            _ = Set(Arenas, 1); // other threads' arenas hold no large blocks
            return Set(MappingThreshold, LargestMappingThreshold) == 1 && Set(TrimThreshold, int.MaxValue) == 1;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false; // musl
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Set(int option, int value);
}
