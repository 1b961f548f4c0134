using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Runtime;
using SaeNotebooks.Tokenization;
using SaeNotebooks.Training.Bpe;
using SaeNotebooks.Training.LanguageModels;
using SaeNotebooks.Training.LanguageModels.Gradient;
using SaeNotebooks.Training.Optimisation;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.FineTuning;

/// <summary>
/// Trains a checkpoint of the embedded model's kind on, in full or by adapters, on examples whose answers count in the loss. A run is a function of
/// its plan, checkpoint and examples; killed and resumed, it ends at the same weights.
/// </summary>
public sealed class FineTuner : IDisposable
{
    private readonly string _model, _origin;
    private readonly FineTuningPlan _plan;
    private readonly DecoderParameters _parameters;
    private readonly DecoderGradient _gradient;
    private readonly LoraAdapters? _adapters;
    private readonly AdamW[] _weights;
    private readonly BatchStream _batches;
    private long _tokens;

    /// <summary>Reads the checkpoint.</summary>
    /// <param name="modelFolder">a checkpoint folder as <c>train-model</c> writes it, with its tokenizer</param>
    /// <param name="plan">what is trained, how long and how fast</param>
    /// <param name="examples">tokenised documents with answers</param>
    /// <exception cref="CheckpointException">the checkpoint is of another kind or damaged</exception>
    /// <exception cref="ArgumentException">there are no examples</exception>
    public FineTuner(string modelFolder, FineTuningPlan plan, IReadOnlyList<TrainingExample> examples)
    {
        (_model, _plan, _origin) = (modelFolder, plan, Origin(modelFolder, examples));
        var tokenizer = TokenizerFile.Load(Path.Combine(modelFolder, "tokenizer.json"));
        _batches = new(new Epochs(examples, plan.Seed), tokenizer.SpecialTokens[BpeVocabulary.Pad], plan.Seed,
            new() { TokensPerBatch = plan.TokensPerBatch, DocumentsPerPool = 512, MaskedInstructionShare = 0, TextShare = 0, SourceShare = 0 });
        _parameters = HuggingFaceCheckpoint.Read(modelFolder);
        _gradient = new(_parameters, Processor.MultipliesBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32);
        _adapters = plan.Lora is { } lora ? new(_parameters, lora, plan.Seed) : null;
        _weights = _adapters is null ? [.. _parameters.Named().Select(p => new AdamW(p.Tensor))] : [];
    }

    /// <summary>Steps done.</summary>
    public long Step { get; private set; }

    /// <summary>Trains on to the end of the plan.</summary>
    /// <param name="cancel">stops between two steps</param>
    public IEnumerable<TrainingStep> Run(CancellationToken cancel = default)
    {
        foreach (var batch in _batches.From(Step))
        {
            if (Step >= _plan.Steps) yield break;
            cancel.ThrowIfCancellationRequested();
            var loss = _gradient.LossAndGradient(batch);
            var rate = _plan.RateAt(Step++);
            _adapters?.Step(rate, Step);
            foreach (var weight in _weights) weight.Step(rate, 0, Step);
            yield return new(Step, loss, _tokens += batch.Tokens);
        }
    }

    /// <summary>Writes a checkpoint from which <see cref="Resume"/> goes on.</summary>
    /// <param name="path">the file</param>
    public void SaveState(string path) => TrainingCheckpoint.Save(path, Fingerprint, State(), Step, _tokens);

    /// <summary>Goes on from a checkpoint, if there is one.</summary>
    /// <returns>whether there was one</returns>
    /// <exception cref="CheckpointException">it is of another plan or model</exception>
    public bool Resume(string path)
    {
        if (TrainingCheckpoint.TryRestore(path, Fingerprint, State()) is not [var step, var tokens]) return false;
        (Step, _tokens) = (step, tokens);
        _adapters?.Write();
        return true;
    }

    /// <summary>Writes the weights, adapters merged in, as a checkpoint folder with the tokenizer.</summary>
    public void Save(string folder)
    {
        HuggingFaceCheckpoint.Write(_parameters, folder);
        foreach (var file in (string[])["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"])
            if (File.Exists(Path.Combine(_model, file))) File.Copy(Path.Combine(_model, file), Path.Combine(folder, file), overwrite: true);
    }

    /// <summary>Writes the adapters in PEFT's layout.</summary>
    /// <exception cref="InvalidOperationException">all weights are trained, so there are none</exception>
    public void SaveAdapters(string folder) =>
        (_adapters ?? throw new InvalidOperationException("This run trains all weights; give the plan LoraSettings to train adapters.")).Save(folder, Path.GetFileName(_model));

    private string Fingerprint => TrainingCheckpoint.Fingerprint(_plan, _origin);

    /// <summary>A hash of what a run starts from.</summary>
    private static string Origin(string modelFolder, IReadOnlyList<TrainingExample> examples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(File.ReadAllBytes(Path.Combine(modelFolder, "model.safetensors")));
        foreach (var example in examples) hash.AppendData(MemoryMarshal.AsBytes<int>(example.Ids));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private IEnumerable<(string Name, Tensor Tensor)> State() => _adapters?.State()
        ?? [.. _parameters.Named(), .. _weights.SelectMany((w, i) => new[] { ($"mean.{i}", w.Mean), ($"square.{i}", w.Square) })];

    /// <inheritdoc/>
    public void Dispose()
    {
        _adapters?.Dispose();
        foreach (var weight in _weights) weight.Dispose();
        _gradient.Dispose();
        _parameters.Dispose();
    }
}
