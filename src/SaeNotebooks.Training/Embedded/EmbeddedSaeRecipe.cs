using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes.Formats;
using SaeNotebooks.Tokenization;
using SaeNotebooks.Training.LanguageModels;
using SaeNotebooks.Training.Saes;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Training.Embedded;

/// <summary>The SAEs of the embedded model, on the residual stream after every layer; the defaults are those of the shipped SAEs.</summary>
public sealed record EmbeddedSaeRecipe
{
    /// <summary>Documents from this index on, which the model has not been trained on.</summary>
    public long FirstDocument { get; init; } = 1_000_000_000;

    /// <summary>Kinds of documents and their shares.</summary>
    public Mixture Mixture { get; init; } = new();

    /// <summary>Sizes, length and rates.</summary>
    public SaeTrainingPlan Plan { get; init; } = new();

    /// <summary>Trains the SAEs, or goes on from the last full round, and writes each as a SAELens folder named after its hook.</summary>
    /// <param name="dataFolder">lexicon and wordings</param>
    /// <param name="modelFolder">the model's checkpoint folder</param>
    /// <param name="workFolder">where checkpoints are kept while training</param>
    /// <param name="saeFolder">the folder to write</param>
    /// <param name="report">called after each round</param>
    /// <param name="cancel">stops after the round under way, which is saved</param>
    public void Train(string dataFolder, string modelFolder, string workFolder, string saeFolder, Action<SaeTrainingRound> report,
        CancellationToken cancel = default)
    {
        using var model = HookedTransformer.Load(modelFolder);
        var corpus = new EmbeddedCorpus(dataFolder, Mixture, (ulong)Plan.Seed);
        var tokenizer = TokenizerFile.Load(Path.Combine(modelFolder, "tokenizer.json"));
        HookName[] hooks = [.. Enumerable.Range(0, model.Config.NLayers).Select(Hook.ResidPost)];
        using var trainer = new SaeTrainer(model, hooks, new Later(corpus.Tokenised(tokenizer), FirstDocument), Plan);

        var checkpoint = Path.Combine(workFolder, "saes.safetensors");
        var fingerprint = TrainingCheckpoint.Fingerprint(this, corpus.Hash(), HashOf(Path.Combine(modelFolder, "model.safetensors")));
        if (TrainingCheckpoint.TryRestore(checkpoint, fingerprint, trainer.State()) is [var round, var steps]) trainer.ResumeAt((int)round, steps);
        foreach (var done in trainer.Run())
        {
            TrainingCheckpoint.Save(checkpoint, fingerprint, trainer.State(), trainer.Round, trainer.Steps);
            report(done);
            cancel.ThrowIfCancellationRequested();
        }
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(modelFolder));
        for (var i = 0; i < hooks.Length; i++)
        {
            using var sae = trainer.Build(i, name, model.Config.ContextLength);
            SaeLensFormat.Save(sae, Path.Combine(saeFolder, hooks[i].ToString()));
        }
    }

    private static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(stream));
    }

    private sealed class Later(IExampleSource source, long first) : IExampleSource
    {
        public TrainingExample this[long index] => source[first + index];
    }
}
