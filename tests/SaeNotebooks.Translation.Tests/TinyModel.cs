using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Training.Embedded;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Tests;

/// <summary>A model of the corpus that has hardly been trained: enough to run everything on, not to do anything well.</summary>
internal static class TinyModel
{
    public const int Width = 24;

    private static readonly Lazy<HookedTransformer> Loaded = new(Train);

    public static HookedTransformer Model => Loaded.Value;

    /// <summary>An SAE that reconstructs exactly: each direction of the residual stream and its opposite is a latent.</summary>
    public static Sae ExactSae(int layer)
    {
        var (identity, opposite) = (eye(Width), -eye(Width));
        return new(Config(layer), new Relu(), cat([identity, opposite], 1), cat([identity, opposite], 0), zeros(2 * Width), zeros(Width));
    }

    /// <summary>An SAE with random weights.</summary>
    public static Sae RandomSae(int layer)
    {
        var random = manual_seed(layer + 1);
        return new(Config(layer), new TopK(12), randn(Width, 64, generator: random), randn(64, Width, generator: random), zeros(64), zeros(Width));
    }

    private static SaeConfig Config(int layer) => new() { Hook = Hook.ResidPost(layer), ModelName = "untrained" };

    private static HookedTransformer Train()
    {
        set_num_threads(1); // for matrices this small, waiting for a second thread costs more than it does
        var folder = Directory.CreateTempSubdirectory("untrained-model-").FullName;
        try
        {
            var recipe = new EmbeddedModelRecipe
            {
                Shape = new(Layers: 2, Width: Width, Heads: 2, MlpWidth: 32, Vocabulary: 600, Context: 512),
                Plan = new() { Steps = 3 },
                Batches = new() { DocumentsPerPool = 64 },
                TokenizerDocuments = 400,
            };
            recipe.Train(Corpora.DataFolder, Path.Combine(folder, "work"), Path.Combine(folder, "model"), _ => { });
            return HookedTransformer.Load(Path.Combine(folder, "model"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
