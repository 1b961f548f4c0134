using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

public class DeviceSelfTestTests
{
    private static Tensor Linear(Tensor x, Tensor w) => x.matmul(w.t());
    private static Tensor Softmax(Tensor x) => x.softmax(-1);

    [Fact]
    public void ThisProcessorComputesCorrectly()
    {
        DeviceSelfTest.RequirePassed(CPU);
        Assert.Null(DeviceSelfTest.Problem(CPU, Linear, Softmax));
    }

    [Fact]
    public void AnErrorIsNamedInOneLine()
    {
        Assert.Contains("The self-test of cpu failed: a matrix product is off by", DeviceSelfTest.Problem(CPU, (x, w) => Linear(x, w) * 1.01, Softmax));
        Assert.Contains("a softmax is off by", DeviceSelfTest.Problem(CPU, Linear, x => x.softmax(0)));
        Assert.Contains("off by NaN", DeviceSelfTest.Problem(CPU, (x, w) => Linear(x, w) * double.NaN, Softmax));
    }
}
