using System.Runtime.InteropServices;
using SaeNotebooks.Runtime;
using TorchSharp;

namespace SaeNotebooks.Tests.Runtime;

public partial class NativeRuntimeTests
{
    [Fact]
    public void TensorsWorkWithoutAnyPreparation()
    {
        Assert.NotEmpty(NativeRuntime.EnsureLoaded());
        using var x = torch.arange(4, dtype: torch.float32);
        using var sum = x.sum();
        Assert.Equal(6f, sum.item<float>());
    }

    [Fact]
    public void Native_code_sees_that_waiting_threads_shall_sleep()
    {
        if (OperatingSystem.IsWindows()) return; // OpenMP is Intel's there and reads no environment of ours
        NativeRuntime.EnsureLoaded();
        var chosen = Environment.GetEnvironmentVariable("OMP_WAIT_POLICY"); // .NET's copy from the start of the process: a person's choice
        var spin = Environment.GetEnvironmentVariable("GOMP_SPINCOUNT");
        var seen = Marshal.PtrToStringUTF8(GetVariable("OMP_WAIT_POLICY"));
        Assert.Equal(string.IsNullOrEmpty(chosen) && string.IsNullOrEmpty(spin) ? "passive" : chosen, seen);
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetVariable(string name);
}
