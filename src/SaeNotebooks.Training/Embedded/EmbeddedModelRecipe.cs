using SaeNotebooks.Checkpoints;
using SaeNotebooks.Tokenization;
using SaeNotebooks.Training.Bpe;
using SaeNotebooks.Training.LanguageModels;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Training.Embedded;

/// <summary>Everything that decides what the embedded model becomes; the defaults are those of the shipped model.</summary>
public sealed record EmbeddedModelRecipe
{
    /// <summary>A second model of twice the parameters that reads the same documents in the same order, to see what of the first is found again in another;
    /// it is made where it is needed and not shipped.</summary>
    public static EmbeddedModelRecipe Larger { get; } = new()
    {
        Shape = new(Layers: 10, Width: 256, Heads: 8, MlpWidth: 704, Vocabulary: 4096, Context: 256),
        Plan = new() { Steps = 2000, Seed = 1 },
    };

    /// <summary>Sizes; the vocabulary size is the tokenizer's too.</summary>
    public DecoderShape Shape { get; init; } = new(Layers: 8, Width: 192, Heads: 6, MlpWidth: 512, Vocabulary: 4096, Context: 256);

    /// <summary>Kinds of documents and their shares.</summary>
    public Mixture Mixture { get; init; } = new();

    /// <summary>Batches, and which tokens count.</summary>
    public BatchOptions Batches { get; init; } = new();

    /// <summary>Length and rates of the training.</summary>
    public TrainingPlan Plan { get; init; } = new();

    /// <summary>Documents in which the tokenizer counts words.</summary>
    public int TokenizerDocuments { get; init; } = 60_000;

    /// <summary>The documents that the model is trained on, with their grammar and wordings.</summary>
    /// <param name="dataFolder">lexicon and wordings; the repository's <c>data</c> folder by default</param>
    public EmbeddedCorpus Corpus(string? dataFolder = null) => new(dataFolder ?? DataFolder.Path, Mixture, (ulong)Plan.Seed);

    /// <summary>
    /// Trains the model, or goes on from the last checkpoint in the work folder, and writes a HuggingFace checkpoint folder when
    /// it is done: <c>config.json</c>, <c>model.safetensors</c> in bfloat16, the tokenizer's files.
    /// </summary>
    /// <param name="dataFolder">lexicon and wordings</param>
    /// <param name="workFolder">where checkpoints are kept while training</param>
    /// <param name="modelFolder">the folder to write</param>
    /// <param name="report">called after each step</param>
    /// <param name="stopAfter">ends after this step and exports what is learnt by then: an early checkpoint of the same run</param>
    /// <param name="cancel">stops after the step under way and saves a checkpoint</param>
    /// <exception cref="CheckpointException">the work folder belongs to another recipe</exception>
    public void Train(string dataFolder, string workFolder, string modelFolder, Action<TrainingStep> report, long stopAfter = long.MaxValue,
        CancellationToken cancel = default)
    {
        var corpus = Corpus(dataFolder);
        var tokenizerFolder = Path.Combine(workFolder, "tokenizer");
        TokenizerFolder.Write(tokenizerFolder, corpus.TrainTokenizer(Shape.Vocabulary, TokenizerDocuments), Shape.Context);
        var tokenizer = TokenizerFile.Load(Path.Combine(tokenizerFolder, "tokenizer.json"));

        using var trainer = new LanguageModelTrainer(Shape, Plan, Batches, corpus.Tokenised(tokenizer), tokenizer.SpecialTokens[BpeVocabulary.Pad]);
        var checkpoint = Path.Combine(workFolder, "checkpoint.safetensors");
        var fingerprint = TrainingCheckpoint.Fingerprint(this, corpus.Hash());
        if (TrainingCheckpoint.TryRestore(checkpoint, fingerprint, trainer.State()) is [var step, var tokens]) trainer.ResumeAt(step, tokens);

        foreach (var done in trainer.Step < stopAfter ? trainer.Run(CancellationToken.None) : [])
        {
            report(done);
            if (done.Step % Plan.CheckpointEvery == 0 || cancel.IsCancellationRequested || done.Step == Plan.Steps || done.Step == stopAfter)
                TrainingCheckpoint.Save(checkpoint, fingerprint, trainer.State(), trainer.Step, trainer.TokensSeen);
            cancel.ThrowIfCancellationRequested();
            if (done.Step >= stopAfter) break;
        }
        Export(trainer.Parameters, tokenizerFolder, modelFolder);
    }

    private static void Export(DecoderParameters parameters, string tokenizerFolder, string modelFolder)
    {
        Directory.CreateDirectory(modelFolder);
        foreach (var file in Directory.GetFiles(tokenizerFolder))
            File.Copy(file, Path.Combine(modelFolder, Path.GetFileName(file)), overwrite: true);
        HuggingFaceCheckpoint.Write(parameters, modelFolder);
    }
}
