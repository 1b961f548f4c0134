using SaeNotebooks.Training.FineTuning;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.FineTuning;

[Collection(TensorTests.Name)]
public class LoraStackTests
{
    private static readonly LoraSettings Settings = new(Rank: 2, Alpha: 6);

    [Fact]
    public void Nothing_is_changed_before_the_first_step()
    {
        using var scope = NewDisposeScope();
        var weights = Weights();
        var before = weights.detach().clone();
        using var stack = Stack(weights);
        stack.Write();
        Assert.True(weights.detach().equal(before).all().item<bool>());
        Assert.InRange(stack.A.detach().abs().max().item<float>(), 0.3f, (float)(1 / Math.Sqrt(6)));
    }

    /// <summary>AdamW's running means after one step are a tenth of the gradients, so they show what the gradients were.</summary>
    [Fact]
    public void Gradients_of_the_factors_are_autograds()
    {
        using var scope = NewDisposeScope();
        var weights = Weights();
        using var stack = Stack(weights);
        stack.B.detach().copy_(randn_like(stack.B.detach()));
        var (a, b) = (stack.A.detach().clone().requires_grad_(true), stack.B.detach().clone().requires_grad_(true));
        (weights.grad!.view(4, 5, 6) * (weights.detach().view(4, 5, 6) + 3 * b.bmm(a))).sum().backward();

        stack.Step(rate: 0.01, step: 1);

        var state = stack.State().ToDictionary(s => s.Name, s => s.Tensor);
        Assert.True((state["a.mean"] * 10).allclose(a.grad!, 1e-4, 1e-5));
        Assert.True((state["b.mean"] * 10).allclose(b.grad!, 1e-4, 1e-5));
    }

    [Fact]
    public void A_step_writes_the_weights_that_the_factors_say()
    {
        using var scope = NewDisposeScope();
        var weights = Weights();
        var before = weights.detach().clone();
        using var stack = Stack(weights);
        stack.Step(rate: 0.01, step: 1);
        stack.Step(rate: 0.01, step: 2);
        var expected = before.view(4, 5, 6) + 3 * stack.B.detach().bmm(stack.A.detach());
        Assert.True(weights.detach().view(4, 5, 6).allclose(expected, 1e-5, 1e-6));
        Assert.False(weights.detach().equal(before).all().item<bool>());
    }

    /// <summary>A stack of 2 · 2 matrices [5, 6], with a gradient.</summary>
    private static Tensor Weights()
    {
        var weights = randn(2, 10, 6, generator: manual_seed(3)).requires_grad_(true);
        weights.grad = randn(2, 10, 6);
        return weights;
    }

    private static LoraStack Stack(Tensor weights)
    {
        using var generator = new Generator(5, CPU);
        return new(weights, outputs: 5, Settings, generator);
    }
}
