using SaeNotebooks.Runtime;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Optimisation;
using SaeNotebooks.Training.Saes.Architectures;
using SaeNotebooks.Training.Saes.Sparse;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Learning;

/// <summary>What one SAE did in a step.</summary>
/// <param name="Terms">the terms of its loss by name, in units of scaled activations</param>
/// <param name="L0">active latents per token</param>
/// <param name="Dead">share of latents that had long been silent before the step</param>
/// <param name="ExplainedVariance">1 − Σ‖y − ŷ‖² / Σ‖y − ȳ‖² over the step's tokens</param>
public sealed record SaeStep(IReadOnlyList<(string Name, double Value)> Terms, double L0, double Dead, double ExplainedVariance)
{
    /// <summary>The whole loss.</summary>
    public double Loss => Terms.Sum(t => t.Value);
}

/// <summary>One SAE with everything that changes while it learns. A step is a function of its state and its batch.</summary>
internal sealed class SaeLearner : IDisposable
{
    private readonly SaeArchitecture _architecture;
    private readonly SaeLearningPlan _plan;
    private readonly Adam[] _optimisers;
    private readonly CoefficientControl _control;
    private readonly Workspace _workspace = new();
    private readonly Tensor _silent; // [d_sae] int64: tokens since each latent last fired

    /// <param name="architecture">formula and settings</param>
    /// <param name="parameters">the tensors; ownership passes to the learner</param>
    /// <param name="plan">rates</param>
    public SaeLearner(SaeArchitecture architecture, SaeParameters parameters, SaeLearningPlan plan)
    {
        (_architecture, Parameters, _plan) = (architecture, parameters, plan);
        _optimisers = [.. parameters.Trained.Select(t => new Adam(t.Tensor))];
        _control = new(architecture.SparsityControl);
        _silent = zeros([architecture.Width], int64).DetachFromDisposeScope();
    }

    public SaeParameters Parameters { get; }

    /// <summary>Steps done.</summary>
    public long Steps { get; set; }

    /// <summary>Everything that a checkpoint must hold but <see cref="Steps"/>, by name; the learner keeps ownership.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State() =>
    [
        .. Parameters.Trained, .. Parameters.Kept, ("silent", _silent), ("control", _control.State),
        .. Parameters.Trained.Zip(_optimisers).SelectMany(t => new[] { ($"{t.First.Name}.mean", t.Second.Mean), ($"{t.First.Name}.square", t.Second.Square) }),
    ];

    /// <summary>One step.</summary>
    /// <param name="x">[batch, d_in] float32, scaled</param>
    /// <param name="y">[batch, d_out] float32, scaled; x itself in autoencoders</param>
    /// <exception cref="InvalidOperationException">loss or gradient are no numbers; the weights are still those of the step before</exception>
    public SaeStep Learn(Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var context = new StepContext(DeadLatents(), _control.At(Steps));
        var result = _architecture.Step(Parameters, x, y, context, _workspace);
        var explained = 1 - SumOfSquares(result.Residual) / SumOfSquares(y - y.mean([0L], keepdim: true));
        Update(result);
        NoteSilence(result.Fired, x.shape[0]);
        _control.Observe(result.L0);
        Steps++;
        if (_plan.Resampling is { } resampling && Steps % resampling.EverySteps == 0 && Steps <= resampling.UntilStep) Resample(x, y, result.Residual);
        return new(result.Terms, result.L0, context.DeadCount / (double)_architecture.Width, explained);
    }

    /// <summary>The SAE as it is now, for activations as they are; the caller owns it.</summary>
    /// <param name="config">recorded in it</param>
    /// <param name="inputScale">what x had been multiplied by</param>
    /// <param name="outputScale">what y had been multiplied by</param>
    public Sae Build(SaeConfig config, double inputScale, double outputScale)
    {
        using var raw = Parameters.Unscaled(inputScale, outputScale);
        using var quiet = no_grad();
        return _architecture.Export(raw, config);
    }

    private Tensor? DeadLatents()
    {
        var limit = tensor(_plan.DeadAfterTokens);
        var dead = _silent.gt(limit).nonzero().flatten();
        return dead.shape[0] == 0 ? null : dead;
    }

    private void NoteSilence(Tensor fired, long tokens)
    {
        using var quiet = no_grad();
        _silent.sub_(tensor(-tokens)).mul_(fired.logical_not());
    }

    private void Update(StepResult result)
    {
        using var quiet = no_grad();
        if (_plan.UnitDecoder) ProjectDecoderGradient(result.Gradients);
        var norm = Adam.Norm(result.Gradients);
        if (!double.IsFinite(result.Loss) || !double.IsFinite(norm))
            throw new InvalidOperationException($"The loss of step {Steps + 1} is {result.Loss} and its gradient {norm} long; lower the rate, or look for activations that are not finite.");
        var factor = Math.Min(1, _plan.GradientClip / (norm + 1e-6));
        foreach (var (optimiser, gradient) in _optimisers.Zip(result.Gradients))
            optimiser.Step(gradient, factor, _plan.Rate * _plan.RateFactor(Steps), Steps + 1);
        if (_plan.UnitDecoder) Parameters.Decoder.copy_(nn.functional.normalize(Parameters.Decoder, dim: -1));
    }

    /// <summary>Takes out of the gradient what would only change the norms of decoder rows.</summary>
    private void ProjectDecoderGradient(IReadOnlyList<Tensor> gradients)
    {
        var gradient = gradients[Parameters.Trained.Index().First(t => t.Item.Name == SaeParameters.DecoderName).Index];
        gradient.sub_((gradient * Parameters.Decoder).sum(-1, keepdim: true) * Parameters.Decoder);
    }

    /// <summary>Each dead latent takes the direction of a token, drawn by its squared loss: a short row of the encoder, bias 0, moments 0.</summary>
    private void Resample(Tensor x, Tensor y, Tensor residual)
    {
        if (DeadLatents() is not { } dead) return;
        using var quiet = no_grad();
        using var generator = new Generator((ulong)(_plan.Seed * 1_000_003 + Steps), CPU);
        var loss = (residual * residual).sum(-1);
        var tokens = (loss * loss).multinomial(dead.shape[0], replacement: true, generator: generator);
        Replace(Parameters.Encoder, dead, Parameters.Centre(x).index_select(0, tokens), 0.2);
        Replace(Parameters.Decoder, dead, (y - Parameters.DecoderBias).index_select(0, tokens), 1);
        var zero = zeros(dead.shape[0]);
        foreach (var (name, tensor) in Parameters.Trained.Where(t => t.Name is "b_enc" or "b_gate" or "b_mag")) tensor.index_copy_(0, dead, zero);
        foreach (var (trained, optimiser) in Parameters.Trained.Zip(_optimisers))
        {
            if (trained.Name is SaeParameters.DecoderBiasName or SaeParameters.SkipName) continue; // of no latent
            optimiser.Mean.index_fill_(0, dead, Scalars.Zero);
            optimiser.Square.index_fill_(0, dead, Scalars.Zero);
        }
        _silent.index_fill_(0, dead, Scalars.Zero);
    }

    /// <summary>Rows along directions, as long as a factor times the mean of the living ones.</summary>
    private void Replace(Tensor matrix, Tensor rows, Tensor directions, double factor)
    {
        var norms = (matrix * matrix).sum(-1).sqrt();
        var alive = ones(_architecture.Width).index_fill_(0, rows, Scalars.Zero);
        var length = (norms * alive).sum() / alive.sum();
        matrix.index_copy_(0, rows, nn.functional.normalize(directions, dim: -1) * length.Times(factor));
    }

    private static double SumOfSquares(Tensor x)
    {
        using var quiet = no_grad();
        return (x * x).sum().item<float>();
    }

    public void Dispose()
    {
        foreach (var optimiser in _optimisers) optimiser.Dispose();
        _control.Dispose();
        _workspace.Dispose();
        _silent.Dispose();
        Parameters.Dispose();
    }
}
