using System.Runtime.CompilerServices;
using SaeNotebooks.Runtime;

// Tests that count native tensors need the process for themselves.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace SaeNotebooks.Translation.Tests;

internal static class TestSetup
{
    /// <summary>A test may touch TorchSharp before anything of the library, whose own initialiser would then come too late.</summary>
    [ModuleInitializer]
    internal static void LoadNatives() => NativeRuntime.EnsureLoaded();
}
