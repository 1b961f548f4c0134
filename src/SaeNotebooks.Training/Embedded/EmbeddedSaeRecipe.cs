using System.Security.Cryptography;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes.Formats;
using SaeNotebooks.Tokenization;
using SaeNotebooks.Training.LanguageModels;
using SaeNotebooks.Training.Saes.Activations;
using SaeNotebooks.Training.Saes.Architectures;
using SaeNotebooks.Training.Saes.Learning;
using SaeNotebooks.Training.Tasks;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Embedded;

/// <summary>The SAEs of an embedded model, on the residual stream after its layers; the defaults are those of the shipped SAEs.</summary>
public sealed record EmbeddedSaeRecipe
{
    /// <summary>The checkpoint's name in the work folder.</summary>
    public const string CheckpointName = "saes.safetensors";

    /// <summary>After which layers; null for all.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>Latents for each number of the residual stream: 2,304 for the shipped model's 192.</summary>
    public int Expansion { get; init; } = 12;

    /// <summary>Documents from this index on, which the model has not been trained on.</summary>
    public long FirstDocument { get; init; } = 1_000_000_000;

    /// <summary>Kinds of documents and their shares.</summary>
    public Mixture Mixture { get; init; } = new();

    /// <summary>Documents whose activations are shuffled together.</summary>
    public int DocumentsPerBlock { get; init; } = 1024;

    /// <summary>Active latents per token in training; a little below the 32 that are aimed at, because the threshold that takes over in use lets some more through.</summary>
    public double K { get; init; } = 31;

    /// <summary>Length and rates. A latent counts as dead once it has been silent for about as many tokens as the card measures dead latents on.</summary>
    public SaeLearningPlan Plan { get; init; } = new()
    {
        Steps = 2000, TokensPerStep = 2048, PassesPerBlock = 2, Rate = 1.5e-3, WarmUpSteps = 100, DecaySteps = 1000, UnitDecoder = true, DeadAfterTokens = 30_000,
    };

    /// <summary>
    /// Trains the SAEs, or goes on from the last checkpoint, with progress, and writes each as a SAELens folder in bfloat16, named after its hook.
    /// </summary>
    /// <param name="dataFolder">lexicon and wordings</param>
    /// <param name="modelFolder">the model's checkpoint folder</param>
    /// <param name="workFolder">where checkpoints are kept while training</param>
    /// <param name="saeFolder">the folder to write</param>
    /// <param name="cancel">stops after the step under way, which is saved</param>
    /// <exception cref="ArgumentException">the model has no such layer</exception>
    /// <exception cref="Checkpoints.CheckpointException">the work folder's checkpoint is of another recipe, other layers or another model</exception>
    public void Train(string dataFolder, string modelFolder, string workFolder, string saeFolder, CancellationToken cancel = default)
    {
        using var model = HookedTransformer.Load(modelFolder);
        var corpus = new EmbeddedCorpus(dataFolder, Mixture, (ulong)Plan.Seed);
        var tokenizer = TokenizerFile.Load(Path.Combine(modelFolder, "tokenizer.json"));
        var hooks = HooksOf(model);
        var architecture = Architecture(model.Config.DModel);
        var source = new ModelActivations(model, hooks, new Later(corpus.Tokenised(tokenizer), FirstDocument),
            $"model {HashOf(Path.Combine(modelFolder, "model.safetensors"))}, corpus {corpus.Hash()} from {FirstDocument}") { DocumentsPerBlock = DocumentsPerBlock };
        using var training = new SaeTraining(source, [.. hooks.Select(h => new SaeJob(h, architecture))], Plan);
        training.Run(Path.Combine(workFolder, CheckpointName), checkpointEvery: 200, cancellation: cancel);

        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(modelFolder));
        for (var i = 0; i < hooks.Length; i++)
        {
            using var sae = training.Build(i, name, model.Config.ContextLength);
            SaeLensFormat.Save(sae, Path.Combine(saeFolder, hooks[i].ToString()), ScalarType.BFloat16);
        }
    }

    /// <summary>BatchTopK, stored as JumpReLU. In so short a training dead latents have to come back soon: hence SAELens's weight of the loss that revives
    /// them, and not the paper's 1/32.</summary>
    private BatchTopKArchitecture Architecture(int dModel) => new() { Width = Expansion * dModel, K = K, AuxiliaryWeight = 1 };

    private HookName[] HooksOf(HookedTransformer model)
    {
        var all = Enumerable.Range(0, model.Config.NLayers).ToList();
        if ((Layers ?? all).Except(all).ToList() is [var missing, ..]) throw new ArgumentException($"The model has no layer {missing}; its layers are 0 to {all[^1]}.");
        return [.. (Layers ?? all).Distinct().Order().Select(Hook.ResidPost)];
    }

    private static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexString(SHA256.HashData(stream));
    }

    private sealed class Later(IExampleSource source, long first) : IExampleSource
    {
        public TrainingExample this[long index] => source[first + index];
    }
}
