using System.Runtime.CompilerServices;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests;

/// <summary>Tests on tensors run one after the other: some count every tensor of the process, and TorchSharp's operators are not safe
/// against a garbage collection that another thread causes (see Scalars).</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TensorTests
{
    public const string Name = "tensors";

    /// <summary>A test may touch TorchSharp before anything of the library, whose own initialiser would then come too late.</summary>
    [ModuleInitializer]
    internal static void LoadNatives() => NativeRuntime.EnsureLoaded();

    /// <summary>Asserts that two sets of named tensors are equal to the last bit.</summary>
    internal static void AssertSameBits(IEnumerable<(string Name, Tensor Tensor)> expected, IEnumerable<(string Name, Tensor Tensor)> actual)
    {
        foreach (var (e, a) in expected.Zip(actual))
        {
            Assert.Equal(e.Name, a.Name);
            using var same = e.Tensor.detach().equal(a.Tensor.detach()).all();
            Assert.True(same.item<bool>(), $"{e.Name} differs");
        }
    }
}
