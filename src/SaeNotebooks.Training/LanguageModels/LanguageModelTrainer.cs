using System.Collections.Concurrent;
using SaeNotebooks.Training.LanguageModels.Gradient;
using SaeNotebooks.Training.Optimisation;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.LanguageModels;

/// <summary>What a training step reports.</summary>
/// <param name="Step">steps done, from 1</param>
/// <param name="Loss">mean negative log-likelihood in nats of the tokens that count, in this batch</param>
/// <param name="TokensSeen">tokens of all batches so far, without padding</param>
public sealed record TrainingStep(long Step, double Loss, long TokensSeen);

/// <summary>
/// Trains a decoder from scratch. A run is a function of its plan, shape and documents: killed and resumed from a checkpoint, it
/// ends at the same weights as an uninterrupted one (on the same machine and number of threads).
/// </summary>
public sealed class LanguageModelTrainer : IDisposable
{
    private readonly TrainingPlan _plan;
    private readonly DecoderGradient _gradient;
    private readonly Muon[] _matrices;
    private readonly AdamW _embedding, _norms;
    private readonly BatchStream _batches;

    /// <summary>Starts with freshly drawn weights.</summary>
    /// <param name="shape">sizes of the model</param>
    /// <param name="plan">length and rates</param>
    /// <param name="options">batches</param>
    /// <param name="examples">the documents</param>
    /// <param name="padId">the id that fills short rows; never a target</param>
    public LanguageModelTrainer(DecoderShape shape, TrainingPlan plan, BatchOptions options, IExampleSource examples, int padId)
    {
        _plan = plan;
        Parameters = new(shape, plan.Seed);
        _gradient = new(Parameters, plan.ProductType);
        _matrices =
        [
            new(Parameters.Qkv, shape.Width, plan.ProductType), new(Parameters.Output, shape.Width, plan.ProductType),
            new(Parameters.GateUp, shape.MlpWidth, plan.ProductType), new(Parameters.Down, shape.Width, plan.ProductType),
        ];
        _embedding = new(Parameters.Embedding);
        _norms = new(Parameters.Norms);
        _batches = new(examples, padId, plan.Seed, options);
    }

    /// <summary>The weights, trained in place.</summary>
    public DecoderParameters Parameters { get; }

    /// <summary>Steps done.</summary>
    public long Step { get; private set; }

    /// <summary>Tokens seen, without padding.</summary>
    public long TokensSeen { get; private set; }

    /// <summary>Everything that a checkpoint must hold, by name; the trainer keeps ownership.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> State() =>
    [
        .. Parameters.Named(),
        .. _matrices.Select((m, i) => ($"velocity.{i}", m.Velocity)),
        ("embedding.mean", _embedding.Mean), ("embedding.square", _embedding.Square),
        ("norms.mean", _norms.Mean), ("norms.square", _norms.Square),
    ];

    /// <summary>Continues at a step whose state has been copied into <see cref="State"/>.</summary>
    internal void ResumeAt(long step, long tokensSeen) => (Step, TokensSeen) = (step, tokensSeen);

    /// <summary>Trains on, a step at a time, to the end of the plan; batches are prepared on a second thread.</summary>
    /// <param name="cancel">stops between two steps</param>
    /// <exception cref="OperationCanceledException">cancelled</exception>
    /// <exception cref="InvalidOperationException">the loss is no number; the weights are still those of the step before</exception>
    public IEnumerable<TrainingStep> Run(CancellationToken cancel = default)
    {
        using var ahead = new BlockingCollection<TrainingBatch>(boundedCapacity: 8);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var producer = Task.Run(() => Produce(ahead, stop.Token), CancellationToken.None);
        try
        {
            while (Step < _plan.Steps)
            {
                if (!ahead.TryTake(out var batch, Timeout.Infinite, stop.Token))
                {
                    producer.GetAwaiter().GetResult(); // batches never end by themselves: this throws what stopped them
                    yield break;
                }
                var loss = Learn(batch);
                Step++;
                TokensSeen += batch.Tokens;
                yield return new(Step, loss, TokensSeen);
            }
        }
        finally
        {
            stop.Cancel();
            ((IAsyncResult)producer).AsyncWaitHandle.WaitOne();
        }
    }

    private void Produce(BlockingCollection<TrainingBatch> ahead, CancellationToken stop)
    {
        try
        {
            foreach (var batch in _batches.From(Step)) ahead.Add(batch, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run has ended; batches that nobody will take are of no use.
        }
        finally
        {
            ahead.CompleteAdding(); // or a failure here would leave the other thread waiting
        }
    }

    /// <summary>One optimiser step on a batch; returns its loss in nats.</summary>
    private double Learn(TrainingBatch batch)
    {
        var nats = _gradient.LossAndGradient(batch);
        if (!double.IsFinite(nats)) throw new InvalidOperationException($"The loss of step {Step + 1} is {nats}, over {batch.Targets.Length} tokens; lower the rates, or let more tokens count.");
        var factor = _plan.RateFactor(Step);
        foreach (var matrix in _matrices) matrix.Step(_plan.MatrixRate * factor, _plan.WeightDecay);
        _embedding.Step(_plan.EmbeddingRate * factor, _plan.WeightDecay, Step + 1);
        _norms.Step(_plan.NormRate * factor, 0, Step + 1);
        return nats;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var matrix in _matrices) matrix.Dispose();
        _embedding.Dispose();
        _norms.Dispose();
        _gradient.Dispose();
        Parameters.Dispose();
    }
}
