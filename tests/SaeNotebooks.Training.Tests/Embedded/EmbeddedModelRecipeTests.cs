using SaeNotebooks.Checkpoints;
using SaeNotebooks.Models;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Training.Tests.Tasks;

namespace SaeNotebooks.Training.Tests.Embedded;

[Collection(TensorTests.Name)]
public sealed class EmbeddedModelRecipeTests : IDisposable
{
    private static readonly EmbeddedModelRecipe Recipe = new()
    {
        Shape = new(Layers: 2, Width: 32, Heads: 2, MlpWidth: 48, Vocabulary: 500, Context: 512),
        Plan = new() { Steps = 4, CheckpointEvery = 2 },
        Batches = new() { DocumentsPerPool = 64 },
        TokenizerDocuments = 200,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("recipe").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Interrupted_and_resumed_it_writes_the_same_model()
    {
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train("resumed", Recipe, step => { if (step == 3) cancel.Cancel(); }, cancel.Token));
        Assert.False(Directory.Exists(Model("resumed")));

        List<long> steps = [];
        Train("resumed", Recipe, steps.Add);
        Assert.Equal([4], steps);
        Train("whole", Recipe, _ => { });
        foreach (var file in new[] { "model.safetensors", "tokenizer.json", "config.json" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(Model("whole"), file)), File.ReadAllBytes(Path.Combine(Model("resumed"), file)));

        using var model = HookedTransformer.Load(Model("resumed"));
        Assert.Equal((2, 32, 500), (model.Config.NLayers, model.Config.DModel, model.Tokenizer!.VocabSize));
        using var run = model.Run("The cat sleeps.");
        Assert.Equal(500, run.Logits.shape[^1]);
    }

    [Fact]
    public void Stopped_early_it_writes_the_model_as_it_is_then_and_goes_on_from_there()
    {
        Train("early", Recipe, _ => { }, stopAfter: 3);
        var early = File.ReadAllBytes(Path.Combine(Model("early"), "model.safetensors"));
        List<long> steps = [];
        Train("early", Recipe, steps.Add);
        Assert.Equal([4], steps);
        Train("whole", Recipe, _ => { });
        Assert.NotEqual(early, File.ReadAllBytes(Path.Combine(Model("whole"), "model.safetensors")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Model("whole"), "model.safetensors")), File.ReadAllBytes(Path.Combine(Model("early"), "model.safetensors")));
    }

    [Fact]
    public void A_work_folder_of_another_recipe_is_refused()
    {
        Train("model", Recipe with { Plan = Recipe.Plan with { Steps = 1 } }, _ => { });
        var error = Assert.Throws<CheckpointException>(() => Train("model", Recipe, _ => { }));
        Assert.Contains("a run with other settings or data", error.Message);
    }

    private string Model(string name) => Path.Combine(_folder, name, "model");

    private void Train(string name, EmbeddedModelRecipe recipe, Action<long> report, CancellationToken cancel = default, long stopAfter = long.MaxValue) =>
        recipe.Train(Path.GetDirectoryName(Corpora.Folder("lexicon"))!, Path.Combine(_folder, name, "work"), Model(name), step => report(step.Step), stopAfter, cancel);
}
