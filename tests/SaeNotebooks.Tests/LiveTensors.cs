using TorchSharp;

namespace SaeNotebooks.Tests;

/// <summary>Native tensors that are alive: what a test of native memory compares before and after.</summary>
internal static class LiveTensors
{
    /// <summary>
    /// All tensors of the process, once those that earlier tests left to the garbage collector are gone: else they would vanish in the middle of a test and
    /// make its count wrong. It works because no two tests of an assembly run at once.
    /// </summary>
    public static long Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
