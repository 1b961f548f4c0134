using SaeNotebooks.Training.Optimisation;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.Optimisation;

[Collection(TensorTests.Name)]
public class AdamTests
{
    [Theory, InlineData(5), InlineData(16), InlineData(70_003)]
    public void Steps_are_those_of_torch(int count)
    {
        using var scope = NewDisposeScope();
        var start = randn(count, generator: manual_seed(1));
        var (ours, theirs) = (start.clone(), new TorchSharp.Modules.Parameter(start.clone()));
        using var adam = new Adam(ours, 0.9, 0.98);
        using var reference = optim.Adam([theirs], lr: 0.01, beta1: 0.9, beta2: 0.98);
        for (var step = 1; step <= 10; step++)
        {
            var gradient = randn(count, generator: manual_seed(step + 1));
            adam.Step(gradient, factor: 0.5, rate: 0.01, step);
            reference.zero_grad();
            (theirs * gradient * 0.5f).sum().backward();
            reference.step();
        }
        Assert.InRange((ours - theirs.detach()).abs().max().item<float>(), 0, 1e-5f);
    }

    [Fact]
    public void The_norm_is_over_all_gradients_and_the_same_for_any_number_of_threads()
    {
        using var scope = NewDisposeScope();
        Tensor[] gradients = [randn(300_001, generator: manual_seed(1)), randn(7, generator: manual_seed(2))];
        var expected = Math.Sqrt(gradients.Sum(g => g.to(float64).pow(2).sum().item<double>()));
        var norm = Adam.Norm(gradients);
        Assert.Equal(expected, norm, 1e-5 * expected);
        var threads = get_num_threads();
        set_num_threads(1);
        try { Assert.Equal(norm, Adam.Norm(gradients)); }
        finally { set_num_threads(threads); }
    }
}
