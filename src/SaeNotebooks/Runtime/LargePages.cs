using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SaeNotebooks.Runtime;

/// <summary>
/// Pages of 2 MB for memory that is read from one end to the other: in pages of 4 KB the processor looks up an address for every 64 lines that it reads, and
/// in a virtual machine each of these takes several reads itself.
/// </summary>
internal static partial class LargePages
{
    /// <summary>What Linux's mman.h calls MADV_HUGEPAGE.</summary>
    private const int HugePage = 14;

    /// <summary>Asks for them where a tensor lies, which takes effect for what has not been written to yet. A wish: systems that know none go on as before.</summary>
    /// <param name="tensor">contiguous, on the CPU</param>
    public static void Ask(Tensor tensor)
    {
        if (!OperatingSystem.IsLinux()) return;
        var start = Native.Start(tensor);
        var first = (start + Environment.SystemPageSize - 1) / Environment.SystemPageSize * Environment.SystemPageSize;
        var length = start + (nint)(tensor.numel() * tensor.element_size()) - first;
        if (length > 0) _ = Advise(first, length, HugePage);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nint length, int advice);
}
