using SaeNotebooks.Runtime;
using TorchSharp;

namespace SaeNotebooks.Tests;

public class NativeRuntimeTests
{
    [Fact]
    public void TensorsWorkWithoutAnyPreparation()
    {
        Assert.NotEmpty(NativeRuntime.EnsureLoaded());
        using var x = torch.arange(4, dtype: torch.float32);
        using var sum = x.sum();
        Assert.Equal(6f, sum.item<float>());
    }
}
