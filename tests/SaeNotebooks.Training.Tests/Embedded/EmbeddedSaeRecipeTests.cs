using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Training.Tests.Tasks;

namespace SaeNotebooks.Training.Tests.Embedded;

[Collection(TensorTests.Name)]
public sealed class EmbeddedSaeRecipeTests : IDisposable
{
    private static readonly EmbeddedSaeRecipe Recipe = new() { DocumentsPerBlock = 16, K = 4, Plan = new() { Steps = 2, TokensPerStep = 64, WarmUpSteps = 0, DecaySteps = 0 } };

    private readonly string _folder = Directory.CreateTempSubdirectory("sae-recipe").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Only_the_wanted_layers_are_trained_as_wide_as_the_model_asks_for()
    {
        new EmbeddedModelRecipe
        {
            Shape = new(Layers: 3, Width: 32, Heads: 2, MlpWidth: 48, Vocabulary: 500, Context: 512), Plan = new() { Steps = 1 }, Batches = new() { DocumentsPerPool = 64 }, TokenizerDocuments = 200,
        }.Train(Data, At("work"), At("model"), _ => { });
        Assert.Contains("no layer 3; its layers are 0 to 2", Assert.Throws<ArgumentException>(() => Train(Recipe with { Layers = [1, 3] })).Message);
        Assert.False(Directory.Exists(At("saes")));

        Train(Recipe with { Layers = [2, 0, 2] });
        Assert.Equal(["blocks.0.hook_resid_post", "blocks.2.hook_resid_post"], Directory.GetDirectories(At("saes")).Select(Path.GetFileName).Order());
        using var sae = SaeFile.Load(Path.Combine(At("saes"), "blocks.2.hook_resid_post"));
        Assert.Equal((Hook.ResidPost(2), 32, 12 * 32), (sae.Config.Hook, sae.InputWidth, sae.Width));
        Assert.Contains("other settings or data", Assert.Throws<Checkpoints.CheckpointException>(() => Train(Recipe)).Message); // all layers, in the same work folder
    }

    private static string Data => Path.GetDirectoryName(Corpora.Folder("lexicon"))!;

    private string At(string name) => Path.Combine(_folder, name);

    private void Train(EmbeddedSaeRecipe recipe) => recipe.Train(Data, At("model"), At("work"), At("saes"));
}
