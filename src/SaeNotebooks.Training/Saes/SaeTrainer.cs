using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.LanguageModels;
using SaeNotebooks.Training.Optimisation;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes;

/// <summary>What a round of SAE training reports.</summary>
/// <param name="Round">rounds done, from 1</param>
/// <param name="Rounds">rounds in all</param>
/// <param name="Tokens">tokens of this round</param>
/// <param name="VarianceExplained">per hook, the fraction of variance explained, mean over the round's steps</param>
/// <param name="Dead">per hook, the share of latents that have long been silent</param>
public sealed record SaeTrainingRound(int Round, int Rounds, long Tokens, IReadOnlyList<double> VarianceExplained, IReadOnlyList<double> Dead);

/// <summary>Trains one TopK SAE per hook on the same forward passes of a model. Killed, it goes on from the last full round.</summary>
public sealed class SaeTrainer : IDisposable
{
    private readonly SaeTrainingPlan _plan;
    private readonly IReadOnlyList<HookName> _hooks;
    private readonly ActivationHarvest _harvest;
    private readonly SaeStack _stack;
    private readonly AdamW[] _optimisers;
    private long _steps;

    /// <summary>Measures scale and mean of the activations and draws initial weights.</summary>
    /// <param name="model">whose activations are learnt; stays the caller's</param>
    /// <param name="hooks">hooks with activations of equal width, such as <c>resid_post</c> of every layer</param>
    /// <param name="documents">what the model reads</param>
    /// <param name="plan">sizes, length and rates</param>
    public SaeTrainer(HookedTransformer model, IReadOnlyList<HookName> hooks, IExampleSource documents, SaeTrainingPlan plan)
    {
        (_plan, _hooks) = (plan, hooks);
        _harvest = new(model, hooks, documents);
        using var scope = NewDisposeScope();
        var sample = _harvest.Take(0, Math.Min(512, plan.DocumentsPerRound)); // [hooks, tokens, d_in]
        var scale = Math.Sqrt(sample.shape[2]) / sample.pow(2).sum(-1).mean([1]).sqrt();
        _stack = new(sample.mean([1]), scale, plan);
        _optimisers = [.. _stack.Named().Select(p => new AdamW(p.Tensor, beta2: 0.999))];
    }

    /// <summary>Rounds done.</summary>
    public int Round { get; private set; }

    /// <summary>Everything that a checkpoint must hold, by name; the trainer keeps ownership.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> State() =>
    [
        .. _stack.Named(), ("silent", _stack.Silent), ("scale", _stack.Scale),
        .. _optimisers.SelectMany((o, i) => new[] { ($"mean.{i}", o.Mean), ($"square.{i}", o.Square) }),
    ];

    /// <summary>Continues after a round whose state has been copied into <see cref="State"/>.</summary>
    internal void ResumeAt(int round, long steps) => (Round, _steps) = (round, steps);

    /// <summary>Optimiser steps done.</summary>
    internal long Steps => _steps;

    /// <summary>Trains on, a round at a time, to the end of the plan.</summary>
    /// <exception cref="InvalidOperationException">a round has not enough tokens for one step</exception>
    public IEnumerable<SaeTrainingRound> Run()
    {
        while (Round < _plan.Rounds)
        {
            var done = LearnRound();
            Round++;
            yield return done with { Round = Round };
        }
    }

    /// <summary>The SAE of one hook as it is now; the caller owns it.</summary>
    /// <param name="index">index into the hooks</param>
    /// <param name="modelName">recorded in its configuration</param>
    /// <param name="contextSize">recorded in its configuration, in tokens</param>
    public Sae Build(int index, string modelName, int contextSize) =>
        _stack.Build(index, new SaeConfig { Hook = _hooks[index], ModelName = modelName, ContextSize = contextSize });

    private SaeTrainingRound LearnRound()
    {
        using var scope = NewDisposeScope();
        var activations = _harvest.Take((long)Round * _plan.DocumentsPerRound, _plan.DocumentsPerRound);
        using var generator = new Generator((ulong)(_plan.Seed * 1_000_003 + Round), CPU);
        var tokens = activations.shape[1];
        var order = randperm(tokens, generator: generator);
        var steps = (int)(tokens / _plan.TokensPerStep);
        if (steps == 0)
            throw new InvalidOperationException($"A round of {_plan.DocumentsPerRound} documents has {tokens} tokens, fewer than the {_plan.TokensPerStep} of one step; take more documents.");
        var unexplained = zeros(_hooks.Count);
        for (var s = 0; s < steps; s++)
        {
            using var step = NewDisposeScope();
            var batch = activations.index_select(1, order.narrow(0, (long)s * _plan.TokensPerStep, _plan.TokensPerStep));
            unexplained.add_(Learn(batch, (Round + (double)s / steps) / _plan.Rounds));
        }
        var dead = _stack.Dead(_plan).to(float32).mean([1]);
        return new(Round, _plan.Rounds, tokens, ToArray(1 - unexplained / steps), ToArray(dead));
    }

    private Tensor Learn(Tensor batch, double progress)
    {
        var (loss, unexplained) = _stack.Loss(batch, _plan);
        loss.backward();
        _stack.ProjectGradient();
        _steps++;
        foreach (var optimiser in _optimisers) optimiser.Step(_plan.Rate * _plan.RateFactor(progress), 0, _steps);
        _stack.Normalise();
        return unexplained;
    }

    private static double[] ToArray(Tensor values) => [.. values.data<float>().ToArray().Select(v => (double)v)];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var optimiser in _optimisers) optimiser.Dispose();
        _stack.Dispose();
    }
}
