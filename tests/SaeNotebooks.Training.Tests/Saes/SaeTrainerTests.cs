using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Training.LanguageModels;
using SaeNotebooks.Training.Saes;
using SaeNotebooks.Training.Tests.LanguageModels;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.Saes;

[Collection(TensorTests.Name)]
public sealed class SaeTrainerTests : IDisposable
{
    private static readonly HookName[] Residuals = [Hook.ResidPost(0), Hook.ResidPost(1)];
    private static readonly SaeTrainingPlan Plan = new()
    {
        Expansion = 2, K = 6, Rounds = 4, DocumentsPerRound = 48, TokensPerStep = 128, DeadAfterTokens = 800, Rate = 5e-3,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("saes").FullName;
    private readonly HookedTransformer _model;

    public SaeTrainerTests()
    {
        using var parameters = new DecoderParameters(Toy.Shape, seed: 4);
        _model = Toy.Export(parameters);
    }

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private SaeTrainer Trainer(SaeTrainingPlan? plan = null) => new(_model, Residuals, new Toy(), plan ?? Plan);

    [Fact]
    public void Rounds_explain_more_and_more_of_real_activations()
    {
        using var trainer = Trainer();
        var rounds = trainer.Run().ToList();
        Assert.Equal([1, 2, 3, 4], rounds.Select(r => r.Round));
        for (var hook = 0; hook < 2; hook++)
        {
            Assert.True(rounds[^1].VarianceExplained[hook] > rounds[0].VarianceExplained[hook]);
            Assert.InRange(rounds[^1].VarianceExplained[hook], 0.2, 1);
            Assert.InRange(rounds[^1].Dead[hook], 0, 1);
        }
        using var sae = trainer.Build(1, "toy", 48);
        Assert.Equal((Hook.ResidPost(1), "toy", 48, 64), (sae.Config.Hook, sae.Config.ModelName, sae.Config.ContextSize, sae.Width));
    }

    [Fact]
    public void Training_that_is_killed_and_resumed_ends_at_the_same_bits()
    {
        var path = Path.Combine(_folder, "saes.safetensors");
        using var whole = Trainer();
        foreach (var _ in whole.Run()) { }
        using (var killed = Trainer())
        {
            foreach (var _ in killed.Run().Take(2)) { }
            TrainingCheckpoint.Save(path, "plan", killed.State(), killed.Round, killed.Steps);
        }
        using var resumed = Trainer();
        var counters = TrainingCheckpoint.TryRestore(path, "plan", resumed.State())!;
        resumed.ResumeAt((int)counters[0], counters[1]);
        foreach (var _ in resumed.Run()) { }
        Assert.Equal((whole.Round, whole.Steps), (resumed.Round, resumed.Steps));
        TensorTests.AssertSameBits(whole.State(), resumed.State());
    }

    [Fact]
    public void A_round_too_small_for_a_step_is_refused()
    {
        using var trainer = Trainer(Plan with { DocumentsPerRound = 2 });
        Assert.Contains("fewer than the 128 of one step", Assert.Throws<InvalidOperationException>(() => trainer.Run().Count()).Message);
    }

    [Fact]
    public void Activations_are_those_of_the_model_without_BOS()
    {
        using var scope = NewDisposeScope();
        var toy = new Toy();
        var taken = new ActivationHarvest(_model, Residuals, toy).Take(first: 4, count: 3);
        var documents = Enumerable.Range(4, 3).Select(i => toy[i].Ids).OrderBy(ids => ids.Length).ToList();
        var at = 0;
        foreach (var ids in documents)
        {
            using var run = _model.Run(ids, HookSet.Create(Residuals));
            for (var hook = 0; hook < 2; hook++)
            {
                var expected = run[Residuals[hook]][0].narrow(0, 1, ids.Length - 1);
                Assert.InRange((expected - taken[hook].narrow(0, at, ids.Length - 1)).abs().max().item<float>(), 0, 1e-4f);
            }
            at += ids.Length - 1;
        }
        Assert.Equal([2, at, 32], taken.shape);
    }

    [Fact]
    public void Rounds_leave_no_tensors_behind()
    {
        using var trainer = Trainer();
        using var run = trainer.Run().GetEnumerator();
        run.MoveNext();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        run.MoveNext();
        Assert.Equal(before, Tensor.TotalCount);
    }
}
