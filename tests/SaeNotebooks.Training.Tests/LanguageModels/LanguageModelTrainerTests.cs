using SaeNotebooks.Training.LanguageModels;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.LanguageModels;

[Collection(TensorTests.Name)]
public sealed class LanguageModelTrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("training").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static LanguageModelTrainer Trainer(TrainingPlan plan, IExampleSource? source = null, BatchOptions? batches = null) =>
        new(Toy.Shape, plan, batches ?? Toy.Batches, source ?? new Toy(), Toy.Pad);

    [Fact]
    public void The_loss_falls_far_below_that_of_guessing()
    {
        using var trainer = Trainer(Toy.Plan(steps: 120));
        var steps = trainer.Run().ToList();
        Assert.Equal(Enumerable.Range(1, 120).Select(s => (long)s), steps.Select(s => s.Step));
        Assert.InRange(steps[0].Loss, 3, 5); // guessing one of 40 tokens costs ln 40 = 3.7 nats
        Assert.InRange(steps.TakeLast(10).Average(s => s.Loss), 0, 2);
        Assert.Equal(steps[^1].TokensSeen, trainer.TokensSeen);
    }

    [Fact]
    public void A_run_that_is_killed_and_resumed_ends_at_the_same_bits()
    {
        var path = Path.Combine(_folder, "checkpoint.safetensors");
        using var whole = Trainer(Toy.Plan(steps: 12));
        foreach (var _ in whole.Run()) { }

        using (var killed = Trainer(Toy.Plan(steps: 12)))
        {
            foreach (var _ in killed.Run().Take(5)) { }
            TrainingCheckpoint.Save(path, "plan", killed.State(), killed.Step, killed.TokensSeen);
        }
        using var resumed = Trainer(Toy.Plan(steps: 12));
        var counters = TrainingCheckpoint.TryRestore(path, "plan", resumed.State());
        Assert.Equal(5, counters![0]);
        resumed.ResumeAt(counters[0], counters[1]);
        foreach (var _ in resumed.Run()) { }

        Assert.Equal((whole.Step, whole.TokensSeen), (resumed.Step, resumed.TokensSeen));
        TensorTests.AssertSameBits(whole.State(), resumed.State());
    }

    [Fact]
    public void A_run_that_was_left_goes_on_in_the_same_trainer()
    {
        using var whole = Trainer(Toy.Plan(steps: 8));
        foreach (var _ in whole.Run()) { }
        using var paused = Trainer(Toy.Plan(steps: 8));
        foreach (var _ in paused.Run().Take(3)) { }
        foreach (var _ in paused.Run()) { }
        TensorTests.AssertSameBits(whole.State(), paused.State());
    }

    [Fact]
    public void Cancelling_ends_between_two_steps()
    {
        using var cancel = new CancellationTokenSource();
        using var trainer = Trainer(Toy.Plan(steps: 50));
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var step in trainer.Run(cancel.Token))
                if (step.Step == 3) cancel.Cancel();
        });
        Assert.InRange(trainer.Step, 3, 4);
    }

    [Fact]
    public void A_source_that_fails_ends_the_run_with_its_own_error()
    {
        using var trainer = Trainer(Toy.Plan(steps: 50), new Failing());
        Assert.Equal("document 100", Assert.Throws<FormatException>(() => trainer.Run().Count()).Message);
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_the_run_before_it_spoils_the_weights()
    {
        using var trainer = Trainer(Toy.Plan(steps: 5), new Untasked(), Toy.Batches with { TextShare = 0 });
        Assert.Contains("loss of step 1 is NaN, over 0 tokens", Assert.Throws<InvalidOperationException>(() => trainer.Run().Count()).Message);
        Assert.False(trainer.Parameters.Embedding.detach().isnan().any().item<bool>());
    }

    [Fact]
    public void Steps_leave_no_tensors_behind()
    {
        using var trainer = Trainer(Toy.Plan(steps: 30));
        var run = trainer.Run().GetEnumerator();
        for (var i = 0; i < 5; i++) run.MoveNext();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = LiveTensors.Count();
        for (var i = 0; i < 10; i++) run.MoveNext();
        Assert.Equal(before, Tensor.TotalCount);
        run.Dispose();
    }

    [Fact]
    public void Rates_warm_up_stay_and_fall_to_nothing()
    {
        var plan = new TrainingPlan { Steps = 1000, WarmUp = 100, DecayShare = 0.5 };
        Assert.Equal([0.01, 0.5, 1, 1, 0.5, 0.002], new long[] { 0, 49, 99, 400, 750, 999 }.Select(s => Math.Round(plan.RateFactor(s), 9)));
    }

    private sealed class Failing : IExampleSource
    {
        private readonly Toy _toy = new();

        public TrainingExample this[long index] => index < 100 ? _toy[index] : throw new FormatException($"document {index}");
    }

    private sealed class Untasked : IExampleSource
    {
        private readonly Toy _toy = new();

        public TrainingExample this[long index] => _toy[3 * index + 1];
    }
}
