using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Training.LanguageModels;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Tests;

/// <summary>A model of the corpus that has hardly been trained: enough to run everything on, not to do anything well.</summary>
internal static class TinyModel
{
    public const int Width = 24, WiderWidth = 32;

    private static readonly Lazy<HookedTransformer> Loaded = new(() => Train(new(Layers: 2, Width: Width, Heads: 2, MlpWidth: 32, Vocabulary: 600, Context: 512)));
    private static readonly Lazy<HookedTransformer> LoadedWider = new(() => Train(new(Layers: 3, Width: WiderWidth, Heads: 2, MlpWidth: 32, Vocabulary: 600, Context: 512)));

    public static HookedTransformer Model => Loaded.Value;

    /// <summary>A second model, deeper and wider, with the same tokenizer.</summary>
    public static HookedTransformer Wider => LoadedWider.Value;

    /// <summary>An SAE that reconstructs exactly: each direction of the residual stream and its opposite is a latent.</summary>
    public static Sae ExactSae(int layer)
    {
        var (identity, opposite) = (eye(Width), -eye(Width));
        return new(Config(layer), new Relu(), cat([identity, opposite], 1), cat([identity, opposite], 0), zeros(2 * Width), zeros(Width));
    }

    /// <summary>An SAE with random weights.</summary>
    public static Sae RandomSae(int layer, int width = Width)
    {
        var random = manual_seed(layer + 1);
        return new(Config(layer), new TopK(12), randn(width, 64, generator: random), randn(64, width, generator: random), zeros(64), zeros(width));
    }

    private static SaeConfig Config(int layer) => new() { Hook = Hook.ResidPost(layer), ModelName = "untrained" };

    public static HookedTransformer Train(DecoderShape shape)
    {
        set_num_threads(1); // for matrices this small, waiting for a second thread costs more than it does
        var folder = Directory.CreateTempSubdirectory("untrained-model-").FullName;
        try
        {
            var recipe = new EmbeddedModelRecipe
            {
                Shape = shape,
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
