using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Optimisation;

/// <summary>
/// Adam (Kingma and Ba 2015) for one float32 tensor on the CPU, in one pass over its numbers. The update is that of torch.optim.Adam; as torch
/// operations it would read and write them ten times, which for an SAE takes longer than the matrix product of its step.
/// </summary>
internal sealed class Adam : IDisposable
{
    private const int Block = 1 << 16;
    private const float Epsilon = 1e-8f;
    private readonly Tensor _weights;
    private readonly double _beta1, _beta2;

    /// <param name="weights">trained in place</param>
    /// <param name="beta1">decay of the running mean</param>
    /// <param name="beta2">decay of the running mean of squares</param>
    public Adam(Tensor weights, double beta1 = 0.9, double beta2 = 0.999)
    {
        (_weights, _beta1, _beta2) = (weights, beta1, beta2);
        Mean = zeros_like(weights, requires_grad: false).DetachFromDisposeScope();
        Square = zeros_like(weights, requires_grad: false).DetachFromDisposeScope();
    }

    /// <summary>Running mean of the gradient.</summary>
    public Tensor Mean { get; }

    /// <summary>Running mean of its square.</summary>
    public Tensor Square { get; }

    /// <summary>One step.</summary>
    /// <param name="gradient">of the weights, contiguous</param>
    /// <param name="factor">what the gradient is multiplied by first, for clipping</param>
    /// <param name="rate">learning rate</param>
    /// <param name="step">number of this step, from 1, for the bias correction</param>
    public void Step(Tensor gradient, double factor, double rate, long step)
    {
        var update = new Update(this, factor, rate, step);
        FlatFloats weights = new(_weights), gradients = new(gradient), means = new(Mean), squares = new(Square);
        weights.InBlocks(Block, (from, count) =>
            update.Apply(weights.Slice(from, count), gradients.Slice(from, count), means.Slice(from, count), squares.Slice(from, count)));
        GC.KeepAlive(gradient);
    }

    /// <summary>√Σ g² over several tensors. The order of summation does not depend on the number of threads.</summary>
    public static double Norm(IEnumerable<Tensor> gradients) => Math.Sqrt(gradients.Sum(gradient =>
    {
        var numbers = new FlatFloats(gradient);
        var sums = new double[numbers.Blocks(Block)];
        numbers.InBlocks(Block, (from, count) => sums[from / Block] = SumOfSquares(numbers.Slice(from, count)));
        GC.KeepAlive(gradient);
        return sums.Sum();
    }));

    private static double SumOfSquares(ReadOnlySpan<float> numbers)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(numbers);
        var sum = Vector512<float>.Zero;
        foreach (var v in vectors) sum = Vector512.FusedMultiplyAdd(v, v, sum);
        double total = Vector512.Sum(sum);
        foreach (var n in numbers[(vectors.Length * Vector512<float>.Count)..]) total += n * n;
        return total;
    }

    /// <summary>m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← w − rate / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)</summary>
    private readonly struct Update(Adam adam, double factor, double rate, long step)
    {
        private readonly float _factor = (float)factor, _beta1 = (float)adam._beta1, _beta2 = (float)adam._beta2;
        private readonly float _new1 = (float)(1 - adam._beta1), _new2 = (float)(1 - adam._beta2);
        private readonly float _rate = (float)(rate / (1 - Math.Pow(adam._beta1, step)));
        private readonly float _correction = (float)Math.Sqrt(1 - Math.Pow(adam._beta2, step));

        public void Apply(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> means, Span<float> squares)
        {
            var w = MemoryMarshal.Cast<float, Vector512<float>>(weights);
            var g = MemoryMarshal.Cast<float, Vector512<float>>(gradients);
            var m = MemoryMarshal.Cast<float, Vector512<float>>(means);
            var v = MemoryMarshal.Cast<float, Vector512<float>>(squares);
            var (correction, epsilon) = (Vector512.Create(_correction), Vector512.Create(Epsilon));
            for (var i = 0; i < w.Length; i++)
            {
                var gradient = g[i] * _factor;
                m[i] = m[i] * _beta1 + gradient * _new1;
                v[i] = v[i] * _beta2 + gradient * gradient * _new2;
                w[i] -= m[i] / (Vector512.Sqrt(v[i]) / correction + epsilon) * _rate;
            }
            for (var i = w.Length * Vector512<float>.Count; i < weights.Length; i++)
            {
                var gradient = gradients[i] * _factor;
                means[i] = means[i] * _beta1 + gradient * _new1;
                squares[i] = squares[i] * _beta2 + gradient * gradient * _new2;
                weights[i] -= means[i] / (MathF.Sqrt(squares[i]) / _correction + Epsilon) * _rate;
            }
        }
    }

    public void Dispose()
    {
        Mean.Dispose();
        Square.Dispose();
    }
}

/// <summary>All numbers of a contiguous float32 tensor on the CPU, in place; valid for as long as the tensor.</summary>
internal readonly unsafe struct FlatFloats
{
    private readonly float* _start;
    private readonly long _count;

    public FlatFloats(Tensor tensor)
    {
        if (tensor.dtype != float32 || tensor.device_type != TorchSharp.DeviceType.CPU || !tensor.is_contiguous())
            throw new ArgumentException($"Numbers are changed in place in contiguous float32 tensors on the CPU; this one is {tensor.dtype} on {tensor.device}.");
        _count = tensor.numel();
        using var first = tensor.detach().view(-1).narrow(0, 0, 1); // a span of the whole would be limited to 2 GB
        fixed (byte* pointer = first.bytes) _start = (float*)pointer; // native memory, which does not move
    }

    public Span<float> Slice(long from, int count) => new(_start + from, count);

    public int Blocks(int size) => (int)((_count + size - 1) / size);

    /// <summary>Runs work on blocks of a fixed size in parallel: where each begins, and how many numbers it has.</summary>
    public void InBlocks(int size, Action<long, int> work)
    {
        var count = _count;
        Parallel.For(0, Blocks(size), new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() },
            block => work((long)block * size, (int)Math.Min(size, count - (long)block * size)));
    }
}
