using SaeNotebooks.Training.Optimisation;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.Optimisation;

[Collection(TensorTests.Name)]
public class AdamWTests
{
    /// <summary>The paper's algorithm 2, a number at a time.</summary>
    private sealed class PlainAdamW(double weight, double beta2)
    {
        private double _mean, _square;

        public double Weight { get; private set; } = weight;

        public void Step(double gradient, double rate, double decay, int step)
        {
            _mean = 0.9 * _mean + 0.1 * gradient;
            _square = beta2 * _square + (1 - beta2) * gradient * gradient;
            var mean = _mean / (1 - Math.Pow(0.9, step));
            var square = _square / (1 - Math.Pow(beta2, step));
            Weight -= rate * decay * Weight + rate * mean / (Math.Sqrt(square) + 1e-9);
        }
    }

    [Theory]
    [InlineData(0.98, 0.0)]
    [InlineData(0.999, 0.1)]
    public void Steps_are_those_of_the_paper(double beta2, double decay)
    {
        float[] start = [1, -2, 0.5f, 0, 3];
        using var weights = tensor(start).requires_grad_(true);
        using var optimiser = new AdamW(weights, beta2);
        var plain = start.Select(w => new PlainAdamW(w, beta2)).ToArray();
        for (var step = 1; step <= 12; step++)
        {
            float[] gradient = [.. Enumerable.Range(0, 5).Select(i => MathF.Sin(step * (i + 1)) * (i + 0.1f))];
            Backward(weights, gradient);
            optimiser.Step(rate: 0.01 * step, decay, step);
            foreach (var (i, p) in plain.Index()) p.Step(gradient[i], 0.01 * step, decay, step);
        }
        var ended = weights.data<float>().ToArray();
        foreach (var (i, p) in plain.Index()) Assert.Equal(p.Weight, ended[i], 1e-4);
    }

    [Fact]
    public void The_gradient_is_consumed_and_nothing_is_left_behind()
    {
        using var weights = ones(4).requires_grad_(true);
        using var optimiser = new AdamW(weights);
        Backward(weights, [1, 2, 3, 4]);
        optimiser.Step(0.1, 0.1, 1);
        using (var gradient = weights.grad!) Assert.Equal(0, gradient.abs().sum().item<float>());

        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = LiveTensors.Count();
        for (var step = 2; step < 10; step++) optimiser.Step(0.1, 0.1, step);
        Assert.Equal(before, Tensor.TotalCount);
    }

    private static void Backward(Tensor weights, float[] gradient)
    {
        using var scope = NewDisposeScope();
        (weights * tensor(gradient)).sum().backward();
    }
}
