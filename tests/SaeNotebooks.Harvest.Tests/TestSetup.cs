using System.Runtime.CompilerServices;
using SaeNotebooks.Runtime;

// TorchSharp's operators are not safe against a garbage collection that another thread causes (see Scalars).
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(SaeNotebooks.Harvest.Tests.Embedded))]

namespace SaeNotebooks.Harvest.Tests;

internal static class TestSetup
{
    /// <summary>A test may touch TorchSharp before anything of the library, whose own initialiser would then come too late.</summary>
    [ModuleInitializer]
    internal static void LoadNatives() => NativeRuntime.EnsureLoaded();
}
