using SaeNotebooks.Checkpoints;
using SaeNotebooks.Training.Saes.Activations;
using SaeNotebooks.Training.Saes.Architectures;
using SaeNotebooks.Training.Saes.Learning;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.Saes;

[Collection(TensorTests.Name)]
public sealed class SaeTrainingTests : IDisposable
{
    private const int Width = 48;
    private static readonly SaeLearningPlan Plan = new()
        { Steps = 600, TokensPerStep = 200, Rate = 5e-3, WarmUpSteps = 20, DecaySteps = 200, DeadAfterTokens = 5000, Seed = 2 };

    private readonly string _folder = Directory.CreateTempSubdirectory("saes").FullName;
    private readonly Planted _source = new();

    public void Dispose()
    {
        _source.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static readonly SaeArchitecture[] Kinds =
    [
        new StandardArchitecture { Width = Width, Sparsity = Sparsity.Target(3) },
        new GatedArchitecture { Width = Width, Sparsity = Sparsity.Target(3) },
        new TopKArchitecture { Width = Width, K = 3 },
        new BatchTopKArchitecture { Width = Width, K = 3 },
        new MatryoshkaArchitecture { Width = Width, K = 3, Widths = [32] },
        new JumpReluArchitecture { Width = Width, Sparsity = Sparsity.Target(3), InitialThreshold = 0.1, Bandwidth = 0.2 },
        new JumpReluArchitecture { Width = Width, Sparsity = Sparsity.Target(3), InitialThreshold = 0.1, Bandwidth = 0.2, Penalty = JumpReluPenalty.Tanh },
    ];

    public static TheoryData<int, string> Autoencoders => new(Kinds.Index().Select(k => (k.Index, k.Item.Name)));

    [Theory, MemberData(nameof(Autoencoders))]
    public void Planted_directions_are_recovered_and_L0_comes_where_it_is_wanted(int index, string name)
    {
        var architecture = Kinds[index];
        Assert.Equal(name, architecture.Name);
        using var training = new SaeTraining(_source, [new(Planted.Here, architecture)], Plan);
        using var before = training.Build(0, "planted", 1);
        Assert.InRange(_source.Similarity(before.Decoder), 0.4, 0.75); // random directions
        SaeTrainingStep? last = null;
        foreach (var step in training.Steps()) last = step;

        using var sae = training.Build(0, "planted", 1);
        Assert.InRange(_source.Similarity(sae.Decoder), 0.9, 1);
        Assert.InRange(last!.Saes[0].L0, 1.7, 3.6); // two are planted: more than these some architectures find no use for
        using var fresh = _source.Block(10_000);
        using var latents = sae.Encode(fresh[Planted.Here]);
        Assert.InRange(latents.L0(), 1.6, 3.8); // in use as in training
        Assert.InRange(Explained(sae, fresh[Planted.Here], fresh[Planted.Here]), last.Saes[0].ExplainedVariance - 0.05, 1);
        Assert.InRange(last.Saes[0].ExplainedVariance, name == "standard" ? 0.5 : 0.85, 1); // L1 shrinks
    }

    [Fact]
    public void Transcoders_predict_the_other_activation()
    {
        SaeJob[] jobs =
        [
            new(Planted.Here, new TranscoderArchitecture { Width = Width, Sparsity = Sparsity.Target(5) }, Planted.There),
            new(Planted.Here, new SkipTranscoderArchitecture { Width = Width, K = 5 }, Planted.There),
        ];
        using var training = new SaeTraining(_source, jobs, Plan);
        foreach (var _ in training.Steps()) { }
        using var fresh = _source.Block(10_000);
        for (var i = 0; i < jobs.Length; i++)
        {
            using var sae = training.Build(i, "planted", 1);
            Assert.True(sae.Config.IsTranscoder);
            Assert.Equal((Planted.Here, Planted.There), (sae.Config.Hook, sae.Config.OutputHook!.Value));
            Assert.InRange(Explained(sae, fresh[Planted.Here], fresh[Planted.There]), 0.7, 1);
        }
    }

    [Theory, InlineData(7, 1), InlineData(10, 1), InlineData(7, 2), InlineData(10, 2)]
    public void Training_that_is_killed_and_resumed_ends_at_the_same_bits(int killedAfter, int passes)
    {
        var plan = Plan with { Steps = 23, PassesPerBlock = passes, DeadAfterTokens = 800, Resampling = new(6, 20) };
        SaeJob[] jobs =
        [
            .. new SaeArchitecture[]
            {
                new StandardArchitecture { Width = Width }, new GatedArchitecture { Width = Width }, new JumpReluArchitecture { Width = Width },
                new BatchTopKArchitecture { Width = Width, K = 2 }, new MatryoshkaArchitecture { Width = Width, K = 2, Widths = [8] },
            }.Select(a => new SaeJob(Planted.Here, a)),
        ];
        var path = Path.Combine(_folder, "checkpoint.safetensors");
        using var whole = new SaeTraining(_source, jobs, plan);
        foreach (var _ in whole.Steps()) { }
        using (var killed = new SaeTraining(_source, jobs, plan))
        {
            Assert.False(killed.Resume(path));
            foreach (var _ in killed.Steps().Take(killedAfter)) { }
            killed.Save(path);
        }
        using var resumed = new SaeTraining(_source, jobs, plan);
        resumed.Run(path);
        Assert.Equal(whole.Step, resumed.Step);
        TensorTests.AssertSameBits(whole.State(), resumed.State());

        using var other = new SaeTraining(_source, jobs, plan with { Rate = 1e-3 });
        Assert.Contains("other settings or data", Assert.Throws<CheckpointException>(() => other.Resume(path)).Message);
    }

    [Fact]
    public void A_cancelled_run_saves_what_it_has_learnt()
    {
        var path = Path.Combine(_folder, "checkpoint.safetensors");
        using var stop = new CancellationTokenSource();
        using var training = new SaeTraining(new Stopping(_source, stop), [new(Planted.Here, new TopKArchitecture { Width = Width, K = 3 })], Plan);
        Assert.Throws<OperationCanceledException>(() => { training.Run(path, cancellation: stop.Token); });
        Assert.Equal(15, training.Step); // three blocks of five steps
        using var resumed = new SaeTraining(new Stopping(_source, stop), training.Jobs, Plan);
        Assert.True(resumed.Resume(path));
        TensorTests.AssertSameBits(training.State(), resumed.State());
    }

    [Fact]
    public void Resampling_brings_dead_latents_back()
    {
        double Dead(Resampling? resampling)
        {
            // A bias far below 0 keeps half of the latents silent.
            using var learner = Learner(new StandardArchitecture { Width = Width, Sparsity = Sparsity.Fixed(0.1) }, Plan with { DeadAfterTokens = 1000, Resampling = resampling });
            using (no_grad()) learner.Parameters.EncoderBias.narrow(0, 0, Width / 2).fill_(-1000);
            using var block = _source.Block(0);
            SaeStep? last = null;
            for (var i = 0; i < 10; i++) last = learner.Learn(block[Planted.Here], block[Planted.Here]);
            return last!.Dead;
        }

        Assert.InRange(Dead(null), 0.5, 1);
        Assert.InRange(Dead(new(5, 5)), 0, 0.2);
    }

    [Fact]
    public void Unit_decoders_stay_so()
    {
        using var learner = Learner(new TopKArchitecture { Width = Width, K = 3, InitialDecoderNorm = 1 }, Plan with { UnitDecoder = true });
        using var block = _source.Block(0);
        for (var i = 0; i < 5; i++) learner.Learn(block[Planted.Here], block[Planted.Here]);
        using var scope = NewDisposeScope();
        Assert.InRange((learner.Parameters.Decoder.detach().norm(-1) - 1).abs().max().item<float>(), 0, 1e-5f);
    }

    [Fact]
    public void Steps_leave_no_tensors_behind()
    {
        using var training = new SaeTraining(_source, [.. Kinds.Select(a => new SaeJob(Planted.Here, a))], Plan);
        using var steps = training.Steps().GetEnumerator();
        steps.MoveNext();
        steps.MoveNext();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = LiveTensors.Count();
        steps.MoveNext();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_words()
    {
        string Refused(SaeJob job, Planted? source = null) =>
            Assert.ThrowsAny<Exception>(() => { using var t = new SaeTraining(source ?? _source, [job], Plan); _ = t.Steps().Count(); }).Message;

        var topk = new TopKArchitecture { Width = Width, K = 3 };
        Assert.Contains("leave Target out", Refused(new(Planted.Here, topk, Planted.There)));
        Assert.Contains("give its Target", Refused(new(Planted.Here, new TranscoderArchitecture { Width = Width })));
        Assert.Contains("is to be trained on blocks.3.hook_resid_post", Refused(new(SaeNotebooks.Hooks.Hook.ResidPost(3), topk)));
        Assert.Contains("rise from at least 1", Refused(new(Planted.Here, new MatryoshkaArchitecture { Width = Width, Widths = [24, 12] })));
        using var small = new Planted(tokens: 50);
        Assert.Contains("fewer than the 200 of one step", Refused(new(Planted.Here, topk), small));
    }

    private SaeLearner Learner(SaeArchitecture architecture, SaeLearningPlan plan)
    {
        using var scope = NewDisposeScope();
        return new(architecture, architecture.Initialise(Planted.Width, Planted.Width, zeros(Planted.Width), manual_seed(5)), plan);
    }

    /// <summary>1 − Σ‖y − ŷ‖² / Σ‖y − ȳ‖²</summary>
    private static double Explained(SaeNotebooks.Saes.Sae sae, Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        return 1 - (sae.Reconstruct(x) - y).pow(2).sum().item<float>() / (y - y.mean([0L])).pow(2).sum().item<float>();
    }

    /// <summary>Cancels when its fourth block is asked for (the first of them by the training's beginning).</summary>
    private sealed class Stopping(Planted inner, CancellationTokenSource stop) : IActivationSource
    {
        private int _asked;

        public IReadOnlyList<SaeNotebooks.Hooks.HookName> Hooks => inner.Hooks;

        public string Identity => inner.Identity;

        public ActivationBlock Block(long number)
        {
            if (++_asked == 5) stop.Cancel();
            return inner.Block(number);
        }
    }
}
