using SaeNotebooks.Runtime;
using SaeNotebooks.Training.Optimisation;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Superposition;

/// <summary>
/// Trained toy models: <c>h = x W</c>, <c>x̂ = ReLU(h Wᵀ + b)</c>, <c>loss = Σᵢ importanceᵢ (xᵢ − x̂ᵢ)²</c>, all in one batched tensor. Owns its
/// tensors.
/// </summary>
public sealed class ToyModels : IDisposable
{
    private readonly Tensor _densities, _importances; // [models, 1, 1], [models, 1, features]

    private ToyModels(ToySettings settings)
    {
        Settings = settings;
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)settings.Seed, CPU);
        int models = settings.Densities.Count, n = settings.Features, m = settings.Hidden;
        _densities = tensor([.. settings.Densities.Select(d => (float)d)]).view(models, 1, 1).DetachFromDisposeScope();
        _importances = tensor([.. Enumerable.Range(0, models).SelectMany(k => Enumerable.Range(0, n).Select(i => (float)settings.Importance(k, i)))])
            .view(models, 1, n).DetachFromDisposeScope();
        Weights = randn([models, n, m], generator: generator).Times(1 / Math.Sqrt(m)).requires_grad_(true).DetachFromDisposeScope();
        Biases = zeros(models, 1, n).requires_grad_(true).DetachFromDisposeScope();
    }

    /// <summary>Sizes, densities and importances.</summary>
    public ToySettings Settings { get; }

    /// <summary>W [models, features, hidden]: row i of a model is the direction of feature i.</summary>
    public Tensor Weights { get; }

    /// <summary>b [models, 1, features].</summary>
    public Tensor Biases { get; }

    /// <summary>Loss of each model in its last steps, mean per example.</summary>
    public IReadOnlyList<double> Losses { get; private set; } = [];

    /// <summary>Trains models from scratch; the same settings give the same models.</summary>
    /// <exception cref="ArgumentException">sizes or densities that mean nothing</exception>
    public static ToyModels Train(ToySettings settings, CancellationToken cancellation = default)
    {
        if (settings.Features < 1 || settings.Hidden < 1) throw new ArgumentException($"A toy model needs features and dimensions; these are {settings.Features} and {settings.Hidden}.");
        if (settings.Densities.Count == 0 || settings.Densities.Any(d => d is <= 0 or > 1))
            throw new ArgumentException($"Densities are above 0 and at most 1, one per model; these are {string.Join(", ", settings.Densities)}.");
        var models = new ToyModels(settings);
        using var generator = new Generator((ulong)settings.Seed + 1, CPU);
        using Adam weights = new(models.Weights), biases = new(models.Biases);
        using var progress = Progress.Start("Training toy models", settings.Steps, cancellation: cancellation);
        var losses = new double[settings.Densities.Count];
        var averaged = Math.Max(1, settings.Steps / 10);
        for (var step = 0; step < settings.Steps; step++)
        {
            progress.Cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var loss = models.Loss(models.Draw(settings.Batch, generator)); // [models]
            loss.sum().backward();
            var rate = settings.Rate * (1 - (double)step / settings.Steps);
            foreach (var (optimiser, tensor) in new[] { (weights, models.Weights), (biases, models.Biases) })
            {
                optimiser.Step(tensor.grad!, 1, rate, step + 1);
                tensor.grad!.zero_();
            }
            progress.Report(step + 1);
            if (step < settings.Steps - averaged) continue;
            foreach (var (i, value) in loss.detach().data<float>().ToArray().Index()) losses[i] += value / averaged;
        }
        models.Losses = losses;
        return models;
    }

    /// <summary>Examples: [models, count, features], a feature 0 or, where it is present, from 0 to 1; the caller owns them.</summary>
    public Tensor Draw(int count, Generator generator)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        long[] shape = [Settings.Densities.Count, count, Settings.Features];
        var present = rand(shape, generator: generator).lt(_densities);
        return (rand(shape, generator: generator) * present).MoveToOuterDisposeScope();
    }

    /// <summary>The shared dimensions of one model's examples; the caller owns them.</summary>
    /// <param name="model">index of the model</param>
    /// <param name="examples">[count, features]</param>
    /// <returns>[count, hidden]</returns>
    public Tensor Hidden(int model, Tensor examples)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return examples.matmul(Weights[model]).MoveToOuterDisposeScope();
    }

    /// <summary>How the features of one model share its dimensions.</summary>
    public FeatureGeometry Geometry(int model)
    {
        using var weights = Weights.detach()[model].clone();
        return FeatureGeometry.Of(weights);
    }

    private Tensor Loss(Tensor x) // [models, batch, features] → [models]
    {
        var output = x.bmm(Weights).bmm(Weights.transpose(1, 2)).Plus(Biases).relu();
        var error = x - output;
        return (error * error * _importances).sum(-1).mean([1L]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in new[] { _densities, _importances, Weights, Biases }) tensor.Dispose();
    }
}
