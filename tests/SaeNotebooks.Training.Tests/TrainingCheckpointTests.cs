using SaeNotebooks.Checkpoints;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests;

[Collection(TensorTests.Name)]
public sealed class TrainingCheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoint").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File => Path.Combine(_folder, "work", "checkpoint.safetensors");

    [Fact]
    public void State_and_counters_come_back_and_no_other_file_is_left()
    {
        using var scope = NewDisposeScope();
        (string, Tensor)[] saved = [("weights", randn(3, 4).requires_grad_(true)), ("silent", arange(5, int64))];
        (string, Tensor)[] restored = [("weights", zeros(3, 4).requires_grad_(true)), ("silent", zeros([5], int64))];
        Assert.Null(TrainingCheckpoint.TryRestore(File, "a", restored));

        TrainingCheckpoint.Save(File, "a", saved, 7, 1L << 40);
        Assert.Equal([7, 1L << 40], TrainingCheckpoint.TryRestore(File, "a", restored)!);
        TensorTests.AssertSameBits(saved, restored);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public void A_checkpoint_of_another_plan_is_refused_and_touches_nothing()
    {
        using var scope = NewDisposeScope();
        var weights = zeros(3);
        TrainingCheckpoint.Save(File, "this plan", [("weights", ones(3))], 1);
        var error = Refused("that plan", ("weights", weights));
        Assert.Contains(File, error);
        Assert.Contains("other settings or data (expected that plan, found this plan); delete it, or start with --restart", error);
        Assert.Equal(0, weights.sum().item<float>());
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using var scope = NewDisposeScope();
        TrainingCheckpoint.Save(File, "a", [("weights", ones(3))], 1);
        Assert.Contains("'bias': the file has no such tensor; it has ", Refused("a", ("bias", zeros(3))));
        Assert.Contains("'weights': the shape is [3], expected [1, 3]", Refused("a", ("weights", zeros(1, 3))));
        Assert.Contains("'weights': is of type Float32, expected Int64", Refused("a", ("weights", zeros([3], int64))));
    }

    [Theory, InlineData(null), InlineData("seven"), InlineData("{}")]
    public void Counters_that_are_no_numbers_are_refused(string? counters)
    {
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        var metadata = new Dictionary<string, string> { ["plan"] = "a" };
        if (counters is not null) metadata["counters"] = counters;
        SafetensorsWriter.Write(File, new Dictionary<string, Tensor> { ["weights"] = ones(3) }, metadata: metadata);
        Assert.Contains("'counters': is not a list of integers", Refused("a", ("weights", zeros(3))));
    }

    [Fact]
    public void A_truncated_checkpoint_is_refused()
    {
        using var scope = NewDisposeScope();
        TrainingCheckpoint.Save(File, "a", [("weights", ones(30))], 1);
        System.IO.File.WriteAllBytes(File, System.IO.File.ReadAllBytes(File)[..^8]);
        Assert.Contains("truncated", Refused("a", ("weights", zeros(30))));
    }

    [Fact]
    public void Fingerprints_tell_plans_apart()
    {
        var plan = new Training.LanguageModels.TrainingPlan();
        Assert.Equal(TrainingCheckpoint.Fingerprint(plan, "data"), TrainingCheckpoint.Fingerprint(plan with { }, "data"));
        Assert.NotEqual(TrainingCheckpoint.Fingerprint(plan, "data"), TrainingCheckpoint.Fingerprint(plan with { Seed = 2 }, "data"));
        Assert.NotEqual(TrainingCheckpoint.Fingerprint(plan, "data"), TrainingCheckpoint.Fingerprint(plan, "other data"));
    }

    private string Refused(string fingerprint, params (string, Tensor)[] state) =>
        Assert.Throws<CheckpointException>(() => TrainingCheckpoint.TryRestore(File, fingerprint, state)).Message;
}
