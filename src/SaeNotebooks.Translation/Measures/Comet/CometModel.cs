using Microsoft.ML.OnnxRuntime;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Runtime;

namespace SaeNotebooks.Translation.Measures.Comet;

/// <summary>COMET's score of one segment.</summary>
/// <param name="Score">as the model gives it; of wmt22-comet-da about 0 to 1, the higher the better</param>
/// <param name="IsTruncated">whether one of the three texts was longer than the model reads, so that its end had no say</param>
public readonly record struct CometSegment(double Score, bool IsTruncated);

/// <summary>
/// COMET (Rei et al. 2020; wmt22-comet-da: Rei et al. 2022), run from an ONNX export of one of its regression models, which read source, translation and
/// reference. The weights are not part of this library: <see cref="Open"/> takes a folder that holds
/// <list type="bullet">
/// <item><c>model.onnx</c>, with its external data beside it if it has any: encoder, pooling and estimator in one graph. Inputs are token ids and attention
/// masks of the three texts, [batch, tokens] in 32 or 64 bits, named as the arguments of COMET's <c>RegressionMetric.forward</c> (<c>src_input_ids</c>,
/// <c>src_attention_mask</c>, and so for <c>mt</c> and <c>ref</c>); the output <c>score</c> is float32 with one number a segment. Exports bound to one
/// batch size or number of tokens are filled up to it.</item>
/// <item><c>sentencepiece.bpe.model</c>, the tokenizer of XLM-RoBERTa, which COMET's encoders share.</item>
/// </list>
/// </summary>
/// <example><code>
/// using var comet = CometModel.Open("wmt22-comet-da-onnx");
/// var scores = comet.Score(sources, translations, references);
/// </code></example>
public sealed class CometModel : IDisposable
{
    /// <summary>How many tokens of a text count, <c>&lt;s&gt;</c> and <c>&lt;/s&gt;</c> among them.</summary>
    public const int MaxTokens = 512;

    /// <summary>What a folder holds.</summary>
    internal const string ModelFile = "model.onnx", TokenizerFile = "sentencepiece.bpe.model";

    private readonly string _file;
    private readonly InferenceSession _session;
    private readonly CometInputs _inputs;
    private readonly XlmRobertaTokens _tokens;

    static CometModel()
    {
        OrtEnv.DisableDllImportResolver = true; // which knows nothing of where the build puts the library
        StagedLibraries.Serve(typeof(InferenceSession).Assembly, "onnxruntime");
    }

    private CometModel(string file, InferenceSession session, CometInputs inputs, XlmRobertaTokens tokens) =>
        (_file, _session, _inputs, _tokens) = (file, session, inputs, tokens);

    /// <summary>Opens the model of a folder.</summary>
    /// <param name="folder">see above</param>
    /// <exception cref="CheckpointException">a file is missing, damaged, or not what is expected; the message says what was found</exception>
    /// <exception cref="DllNotFoundException">ONNX Runtime's native library is not where the build puts it</exception>
    public static CometModel Open(string folder)
    {
        var (file, tokenizer) = (Path.Combine(folder, ModelFile), Path.Combine(folder, TokenizerFile));
        foreach (var path in new[] { file, tokenizer })
            if (!File.Exists(path)) throw new CheckpointException(path, null, $"is not there; a COMET model is a folder with {ModelFile} (a regression model, exported to ONNX) and XLM-R's {TokenizerFile}");
        StagedLibraries.Require("onnxruntime");
        var tokens = new XlmRobertaTokens(tokenizer);
        var session = OpenSession(file);
        try { return new CometModel(file, session, CometInputs.Of(session.InputMetadata, session.OutputMetadata, file), tokens); }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static InferenceSession OpenSession(string file)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL }; // what matters comes as an exception
        try { return new InferenceSession(file, options); }
        catch (OnnxRuntimeException e) { throw new CheckpointException(file, null, $"cannot be opened by ONNX Runtime ({OneLine(e.Message)})", e); }
    }

    /// <summary>Scores segments.</summary>
    /// <param name="sources">what was to be translated</param>
    /// <param name="translations">the translations to score</param>
    /// <param name="references">their references</param>
    /// <param name="batchSize">segments per run of the model; of no effect if the export is bound to a batch size</param>
    /// <param name="cancellation">ends the work, within a batch too</param>
    /// <returns>the scores in the order of the segments</returns>
    /// <exception cref="ArgumentException">the lists are not equally long, or <paramref name="batchSize"/> is not positive</exception>
    /// <exception cref="CheckpointException">the model fails, or gives a score that is no finite number</exception>
    public IReadOnlyList<CometSegment> Score(IReadOnlyList<string> sources, IReadOnlyList<string> translations, IReadOnlyList<string> references,
        int batchSize = 16, CancellationToken cancellation = default)
    {
        if (sources.Count != translations.Count || references.Count != translations.Count)
            throw new ArgumentException($"There are {sources.Count} sources, {translations.Count} translations and {references.Count} references; each segment has one of each.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        IReadOnlyList<string>[] texts = [sources, translations, references];
        var segments = Enumerable.Range(0, translations.Count).Select(i => new CometTokens(texts.Select((list, part) => Encode((CometPart)part, list[i])))).ToList();
        var scores = new CometSegment[segments.Count];
        using var progress = Progress.Start("Scoring with COMET", segments.Count, "segments", cancellation: cancellation);
        var done = 0;
        foreach (var batch in segments.Index().OrderByDescending(s => s.Item.Longest).Chunk(_inputs.Batch ?? batchSize)) // batches of like lengths have little padding
        {
            progress.Cancellation.ThrowIfCancellationRequested();
            foreach (var (at, score) in Run([.. batch.Select(s => s.Item)], progress.Cancellation).Index().Take(batch.Length))
                scores[batch[at].Index] = new CometSegment(score, batch[at].Item.IsTruncated);
            progress.Report(done += batch.Length);
        }
        return scores;
    }

    private (long[] Ids, bool IsTruncated) Encode(CometPart part, string text) => _tokens.Encode(text, Math.Min(MaxTokens, _inputs.Parts[part].Length ?? MaxTokens));

    /// <summary>One run of the model.</summary>
    /// <returns>the scores of the segments, and after them of what fills the batch up</returns>
    private float[] Run(IReadOnlyList<CometTokens> segments, CancellationToken cancellation)
    {
        using var feed = new CometFeed(_inputs, segments);
        using var options = new RunOptions();
        using var stop = cancellation.Register(() => options.Terminate = true);
        try
        {
            using var results = _session.Run(options, feed.Names, feed.Values, [_inputs.Score]);
            var scores = results[0].GetTensorDataAsSpan<float>().ToArray();
            if (scores.Length != feed.Batch) throw new CheckpointException(_file, _inputs.Score, $"has {scores.Length} numbers for {feed.Batch} segments; expected one each");
            return Array.TrueForAll(scores, float.IsFinite) ? scores : throw new CheckpointException(_file, _inputs.Score, "has a score that is no finite number");
        }
        catch (OnnxRuntimeException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new CheckpointException(_file, null, $"fails in ONNX Runtime ({OneLine(e.Message)})", e);
        }
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
