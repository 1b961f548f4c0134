using SaeNotebooks.Training.Optimisation;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.Optimisation;

[Collection(TensorTests.Name)]
public class MuonTests
{
    [Theory]
    [InlineData(8, 24)]
    [InlineData(24, 8)]
    [InlineData(12, 18)]
    public void A_first_step_has_the_gradients_singular_vectors_and_singular_values_near_one(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var gradient = randn([6, rows, columns], generator: manual_seed(4));
        var change = Step(gradient, rows).view(6, rows, columns) / -Math.Sqrt(Math.Max(1.0, (double)rows / columns));

        var values = linalg.svdvals(change);
        Assert.InRange(values.min().item<float>(), 0.6f, 1.3f);
        Assert.InRange(values.max().item<float>(), 0.6f, 1.3f);

        var (u, _, vt) = linalg.svd(gradient, fullMatrices: false);
        var inItsBasis = u.transpose(1, 2).matmul(change).matmul(vt.transpose(1, 2));
        var size = inItsBasis.shape[1];
        Assert.InRange((inItsBasis * (1 - eye(size))).abs().max().item<float>(), 0, 0.1f);
        Assert.InRange(inItsBasis.diagonal(0, 1, 2).min().item<float>(), 0.6f, 1.3f);
    }

    [Fact]
    public void Matrices_of_a_stack_do_not_touch_each_other()
    {
        using var scope = NewDisposeScope();
        var gradient = randn([3, 8, 16], generator: manual_seed(5));
        var together = Step(gradient, rows: 4).view(6, 4, 16);
        for (var i = 0; i < 6; i++)
        {
            var alone = Step(gradient.view(6, 1, 4, 16)[i], rows: 4).view(4, 16);
            Assert.InRange((alone - together[i]).abs().max().item<float>(), 0, 0.02f); // products in bfloat16 of another shape
        }
    }

    [Fact]
    public void Velocity_is_a_running_mean_decay_is_decoupled_and_the_gradient_is_consumed()
    {
        using var scope = NewDisposeScope();
        var weights = full(new long[] { 1, 4, 4 }, 2f).requires_grad_(true);
        var gradient = randn([1, 4, 4], generator: manual_seed(6));
        using var muon = new Muon(weights, rows: 4);
        for (var i = 0; i < 2; i++)
        {
            (weights * gradient).sum().backward();
            muon.Step(rate: 0, decay: 0);
        }
        Assert.InRange((muon.Velocity - gradient * (1 - 0.95 * 0.95)).abs().max().item<float>(), 0, 1e-5f);
        Assert.Equal(0, weights.grad!.abs().sum().item<float>());
        Assert.Equal(2, weights.detach().min().item<float>());
    }

    /// <summary>What a first step of rate 1 without decay adds to weights of 0.</summary>
    private static Tensor Step(Tensor gradient, int rows)
    {
        using var scope = NewDisposeScope();
        var weights = zeros(gradient.shape).requires_grad_(true);
        using var muon = new Muon(weights, rows);
        (weights * gradient).sum().backward();
        muon.Step(rate: 1, decay: 0);
        return weights.detach().clone().MoveToOuterDisposeScope();
    }
}
