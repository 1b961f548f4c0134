using SaeNotebooks.Saes;
using SaeNotebooks.Training.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Learning;

/// <summary>
/// Trains SAEs, all on the same tokens, so that one forward pass of the model serves all of them. Tokens are shuffled within a block of
/// activations; those at its end that do not fill a step are left out. A run is a function of its plan, jobs and source: killed and resumed
/// from a checkpoint it ends at the same weights as an uninterrupted one (on the same machine and number of threads).
/// </summary>
/// <example><code>
/// var source = new ModelActivations(model, [Hook.ResidPost(4)], new TextDocuments(texts, model), "tiny on my texts");
/// using var training = new SaeTraining(source, [new(Hook.ResidPost(4), new BatchTopKArchitecture { Width = 1536, K = 32 })], new SaeLearningPlan());
/// training.Run() // shows progress and curves, and gives the curves
/// using var sae = training.Build(0, "tiny", contextSize: 256);
/// </code></example>
public sealed class SaeTraining : IDisposable
{
    private const int SampleTokens = 8192;
    private readonly IActivationSource _source;
    private readonly SaeLearningPlan _plan;
    private readonly SaeLearner[] _learners;
    private readonly (double Input, double Output)[] _scales;
    private long _block, _used; // the block under way, and how many of its steps are done, over all passes

    /// <summary>Measures scale and centre of the activations on the first block and draws initial weights.</summary>
    /// <param name="source">activations; stays the caller's</param>
    /// <param name="jobs">the SAEs</param>
    /// <param name="plan">length and rates, the same for all</param>
    /// <exception cref="ArgumentException">a job that does not fit the source</exception>
    public SaeTraining(IActivationSource source, IReadOnlyList<SaeJob> jobs, SaeLearningPlan plan)
    {
        foreach (var job in jobs) job.Check(source.Hooks);
        (_source, Jobs, _plan) = (source, jobs, plan);
        using var first = source.Block(0);
        using var scope = NewDisposeScope();
        Tensor Sample(Hooks.HookName hook) => first[hook].narrow(0, 0, Math.Min(first.Tokens, SampleTokens));
        _scales = [.. jobs.Select(j => (Centre.Scale(Sample(j.Hook)), Centre.Scale(Sample(j.Reconstructed))))];
        _learners = [.. jobs.Zip(_scales).Index().Select(j =>
        {
            var (job, scale) = j.Item;
            using var generator = new Generator((ulong)(plan.Seed * 1_000_003 + j.Index), CPU);
            var target = Sample(job.Reconstructed);
            var centre = Centre.GeometricMedian(target) * tensor((float)scale.Output);
            return new SaeLearner(job.Architecture, job.Architecture.Initialise(first[job.Hook].shape[1], target.shape[1], centre, generator), plan);
        })];
    }

    /// <summary>The SAEs.</summary>
    public IReadOnlyList<SaeJob> Jobs { get; }

    /// <summary>Steps done.</summary>
    public long Step { get; private set; }

    /// <summary>Trains on, a step at a time, to the end of the plan.</summary>
    /// <param name="cancellation">looked at before every step</param>
    /// <exception cref="OperationCanceledException">cancelled; the state is that after the last step</exception>
    /// <exception cref="InvalidOperationException">a block has not enough tokens for one step, or a loss is no number</exception>
    public IEnumerable<SaeTrainingStep> Steps(CancellationToken cancellation = default)
    {
        while (Step < _plan.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            using var block = _source.Block(_block);
            var steps = block.Tokens / _plan.TokensPerStep;
            if (steps == 0)
                throw new InvalidOperationException($"A block of activations has {block.Tokens} tokens, fewer than the {_plan.TokensPerStep} of one step; make blocks larger, or steps smaller.");
            for (var pass = _used / steps; pass < _plan.PassesPerBlock; pass++)
            {
                using var order = Order(block.Tokens, pass);
                while (_used < steps * (pass + 1) && Step < _plan.Steps)
                {
                    cancellation.ThrowIfCancellationRequested();
                    using var tokens = order.narrow(0, _used % steps * _plan.TokensPerStep, _plan.TokensPerStep);
                    yield return Learn(block, tokens);
                }
            }
            if (_used == steps * _plan.PassesPerBlock) (_block, _used) = (_block + 1, 0);
        }
    }

    /// <summary>Trains to the end of the plan with progress, curves that update in a notebook, and checkpoints.</summary>
    /// <param name="checkpoint">a file to resume from if it exists, and to save to; null for none</param>
    /// <param name="checkpointEvery">steps between two checkpoints; one more is saved when the run ends or is cancelled</param>
    /// <param name="names">what the curves are called, one name for each job; by default as the jobs say themselves</param>
    /// <param name="cancellation">stops after the step under way</param>
    /// <returns>the curves of this run</returns>
    /// <exception cref="ArgumentException">there are not as many names as jobs</exception>
    /// <exception cref="OperationCanceledException">cancelled; what was learnt is in the checkpoint</exception>
    public TrainingCurves Run(string? checkpoint = null, int checkpointEvery = 500, IReadOnlyList<string>? names = null, CancellationToken cancellation = default)
    {
        if (names is not null && names.Count != Jobs.Count) throw new ArgumentException($"The names are {names.Count} and the SAEs {Jobs.Count}; give one name for each.", nameof(names));
        if (checkpoint is not null) Resume(checkpoint);
        using var progress = Progress.Start(Jobs.Count == 1 ? "Training the SAE" : $"Training {Jobs.Count} SAEs", _plan.Steps, from: Step, cancellation: cancellation);
        var curves = new TrainingCurves(names ?? [.. Jobs.Select(j => j.ToString())], _plan.Steps);
        var display = LiveDisplay.Start(curves);
        try
        {
            foreach (var step in Steps(progress.Cancellation))
            {
                curves.Add(step);
                progress.Report(step.Number, step.ToString());
                display.Refresh();
                if (checkpoint is not null && step.Number % checkpointEvery == 0) Save(checkpoint);
            }
        }
        catch (OperationCanceledException) when (checkpoint is not null)
        {
            Save(checkpoint); // cancelled between two steps, so that all SAEs are at the same one
            throw;
        }
        finally { display.Finish(); }
        if (checkpoint is not null) Save(checkpoint);
        return curves;
    }

    /// <summary>The SAE of a job as it is now, for activations as they are; the caller owns it.</summary>
    /// <param name="index">index into the jobs</param>
    /// <param name="modelName">recorded in its configuration</param>
    /// <param name="contextSize">recorded in its configuration, in tokens</param>
    public Sae Build(int index, string modelName, int contextSize) => _learners[index].Build(
        new SaeConfig { Hook = Jobs[index].Hook, OutputHook = Jobs[index].Target, ModelName = modelName, ContextSize = contextSize },
        _scales[index].Input, _scales[index].Output);

    /// <summary>Saves everything that is needed to go on; the file appears only once it is complete.</summary>
    public void Save(string path) => TrainingCheckpoint.Save(path, Fingerprint, State(), [Step, _block, _used]);

    /// <summary>Goes on from a checkpoint.</summary>
    /// <returns>whether there was one</returns>
    /// <exception cref="Checkpoints.CheckpointException">it belongs to another plan, other jobs or other activations, or it is damaged</exception>
    public bool Resume(string path)
    {
        if (TrainingCheckpoint.TryRestore(path, Fingerprint, State()) is not [var step, var block, var used]) return false;
        (Step, _block, _used) = (step, block, used);
        foreach (var learner in _learners) learner.Steps = step;
        return true;
    }

    /// <summary>Everything that changes, by name; the training keeps ownership.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> State() => _learners.SelectMany((l, i) => l.State().Select(s => ($"{i}.{s.Name}", s.Tensor)));

    private string Fingerprint => TrainingCheckpoint.Fingerprint(_plan.ToString(), string.Join('\n', Jobs.Select(j => j.Identity)), _source.Identity);

    private Tensor Order(long tokens, long pass)
    {
        using var generator = new Generator((ulong)((_plan.Seed * 1_000_003 + _block) * _plan.PassesPerBlock + pass), CPU);
        return randperm(tokens, generator: generator).DetachFromDisposeScope();
    }

    private SaeTrainingStep Learn(ActivationBlock block, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var done = new List<SaeStep>();
        foreach (var (job, learner, scale) in Jobs.Zip(_learners, _scales))
        {
            using var inner = NewDisposeScope();
            Tensor Batch(Hooks.HookName hook, double by) => block[hook].index_select(0, tokens).mul_(tensor((float)by));
            var x = Batch(job.Hook, scale.Input);
            done.Add(learner.Learn(x, job.Target is { } target ? Batch(target, scale.Output) : x));
        }
        _used++;
        return new(++Step, done);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var learner in _learners) learner.Dispose();
    }
}
