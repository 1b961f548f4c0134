using System.CommandLine;
using SaeNotebooks.Translation.Measures.Comet;

namespace SaeNotebooks.Cli.Scoring;

/// <summary>COMET of a whole test set.</summary>
/// <param name="Score">the mean over the segments</param>
/// <param name="Truncated">of how many segments a text was longer than the model reads; null where the scores were read</param>
/// <param name="Signature">what computed it; null where the scores were read</param>
internal sealed record CometMean(double Score, int? Truncated, string? Signature);

/// <summary>Where COMET's scores come from: a file, a model, or, if neither is named, nowhere.</summary>
internal sealed class CometArguments
{
    private readonly Option<string?> _scores = new("--comet") { Description = "scores of COMET, one number a line; their mean is printed as they are" };

    private readonly Option<string?> _model = new("--comet-model")
    {
        Description = "folder of a COMET regression model, which then scores the translations; needs --src: model.onnx, an export with the inputs src_input_ids, "
            + "src_attention_mask and so for mt and ref, and XLM-R's sentencepiece.bpe.model",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_scores);
        command.Add(_model);
    }

    /// <summary>The score, or null if no source of scores is named.</summary>
    /// <exception cref="CliException">both are named, sources are missing, or the file is not as it should be</exception>
    public CometMean? Score(ParseResult parsed, IReadOnlyList<string> hypotheses, IReadOnlyList<string> references, IReadOnlyList<string>? sources,
        CancellationToken cancellation) => (parsed.GetValue(_scores), parsed.GetValue(_model)) switch
        {
            (null, null) => null,
            ({ } file, null) => Read(file, hypotheses.Count),
            (null, { } folder) => Compute(folder, hypotheses, references,
                sources ?? throw new CliException("COMET reads the sources too; name their file with --src."), cancellation),
            _ => throw new CliException("--comet reads scores and --comet-model computes them; name one of them."),
        };

    private static CometMean Read(string path, int count)
    {
        if (!File.Exists(path)) throw new CliException($"There is no file '{path}'; COMET's scores are read from a file, one number a line.");
        try { return new CometMean(CometScores.InOrder(path, count).Average(), null, null); }
        catch (FormatException e) { throw new CliException(e.Message, e); }
    }

    private static CometMean Compute(string folder, IReadOnlyList<string> hypotheses, IReadOnlyList<string> references, IReadOnlyList<string> sources,
        CancellationToken cancellation)
    {
        if (!Directory.Exists(folder)) throw new CliException($"There is no folder '{folder}'; --comet-model names one with model.onnx and sentencepiece.bpe.model.");
        using var model = CometModel.Open(folder);
        var segments = model.Score(sources, hypotheses, references, cancellation: cancellation);
        var signature = $"model:{Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar))}|max:{CometModel.MaxTokens}|onnx";
        return new CometMean(segments.Average(s => s.Score), segments.Count(s => s.IsTruncated), signature);
    }
}
