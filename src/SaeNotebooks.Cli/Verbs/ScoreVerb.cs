using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SaeNotebooks.Cli.Scoring;
using SaeNotebooks.Translation.Judging.OffTask;
using SaeNotebooks.Translation.Measures;
using SaeNotebooks.Translation.Measures.EditRate;
using SaeNotebooks.Translation.Measures.Tokenizers;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>score</c>: measures translations in a file against references and prints JSON, for scripts.</summary>
internal static class ScoreVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var hypotheses = new Option<string>("--hyp") { Description = "translations to score: UTF-8, one segment a line", Required = true };
        var references = new Option<string>("--ref") { Description = "references, line by line", Required = true };
        var sources = new Option<string?>("--src") { Description = "sources, line by line; without them source_copied is null and other kinds are found less well" };
        var target = new Option<string>("--target") { Description = $"target language: {string.Join(", ", LanguageIdentifier.Codes)}; a region after it, as in fr_FR, makes no difference", Required = true };
        var tokenizer = new Option<string?>("--tokenizer") { Description = $"of BLEU, in place of the target language's: {string.Join(", ", SegmentTokenizer.All.Select(t => t.Name))}, or flores200, whose SentencePiece model {SegmentTokenizer.Flores200Variable} names" };
        var comet = new CometArguments();
        var command = new Command("score", """
            Score translations and print JSON: bleu, chrf, chrf++ (0 to 100) and ter (percent, lower is better) as sacreBLEU computes them, with its signatures;
            length_ratio, BLEU's tokens of the outputs by those of the references; repeated_4grams, the mean share of an output's 4-grams that repeat an earlier one; framed, the share
            of outputs that begin by announcing a translation; exact and the kinds of off-task output (wrong_language, source_copied, empty,
            repetition, refusal, extraneous; off_task for any) as shares, 0 to 1. BLEU's tokenizer is zh for Chinese, char for Japanese and 13a for the others.
            """.ReplaceLineEndings(" ")) { hypotheses, references, sources, target, tokenizer };
        comet.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            Console.WriteLine(Score(parsed.GetValue(hypotheses)!, parsed.GetValue(references)!, parsed.GetValue(sources), parsed.GetValue(target)!, Named(parsed.GetValue(tokenizer)),
                (h, r, s) => comet.Score(parsed, h, r, s, cancellation)));
            return Task.FromResult(0);
        });
        return command;
    }

    private delegate CometMean? CometOf(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references, IReadOnlyList<string>? sources);

    private static string Score(string hypothesisFile, string referenceFile, string? sourceFile, string target, SegmentTokenizer? tokenizer, CometOf comet)
    {
        var language = target.Split('-', '_')[0].ToLowerInvariant();
        if (!LanguageIdentifier.Codes.Contains(language)) throw new CliException($"--target {target} is no language that can be scored; there are {string.Join(", ", LanguageIdentifier.Codes)}.");
        var hypotheses = SegmentFile.Read(hypothesisFile);
        var references = Beside(hypothesisFile, hypotheses, referenceFile);
        var sources = sourceFile is null ? null : Beside(hypothesisFile, hypotheses, sourceFile);
        Require(referenceFile, references, "there is no score against nothing");
        if (sources is not null) Require(sourceFile!, sources, "there is nothing to translate");
        return Json(CorpusScore.Of(hypotheses, references, sources, language, tokenizer), sources is not null, language, comet(hypotheses, references, sources))
            .ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    private static SegmentTokenizer? Named(string? name)
    {
        try { return name is null ? null : SegmentTokenizer.Named(name); }
        catch (ArgumentException e) { throw new CliException(e.Problem(), e); }
    }

    private static JsonObject Json(CorpusScore score, bool withSources, string target, CometMean? comet)
    {
        var json = new JsonObject { ["bleu"] = score.Bleu, ["chrf"] = score.ChrF, ["chrf++"] = score.ChrFPlusPlus, ["ter"] = score.Ter, ["length_ratio"] = score.LengthRatio, ["repeated_4grams"] = score.Repeated, ["framed"] = score.Framed, ["exact"] = score.Exact };
        foreach (var kind in OffTaskKindNames.All) json[kind.Name()] = kind == OffTaskKinds.SourceCopied && !withSources ? null : score.Rate(kind);
        json["off_task"] = score.Rate(OffTaskKinds.None);
        if (comet is not null) json["comet"] = comet.Score;
        if (comet?.Truncated is { } truncated) json["comet_truncated"] = truncated;
        json["segments"] = score.Segments;
        json["target"] = target;
        json["signatures"] = new JsonObject
        {
            ["bleu"] = score.Bleus.Signature(), ["chrf"] = ChrF.Default.Signature(), ["chrf++"] = ChrF.PlusPlus.Signature(), ["ter"] = TranslationEditRate.Default.Signature(),
        };
        if (comet?.Signature is { } signature) json["signatures"]!["comet"] = signature;
        return json;
    }

    private static IReadOnlyList<string> Beside(string hypothesisFile, IReadOnlyList<string> hypotheses, string path)
    {
        var lines = SegmentFile.Read(path);
        return lines.Count == hypotheses.Count ? lines
            : throw new CliException($"'{hypothesisFile}' has {hypotheses.Count} lines and '{path}' has {lines.Count}; line by line they must be the same segments.");
    }

    private static void Require(string path, IReadOnlyList<string> lines, string reason)
    {
        var empty = lines.Index().Where(l => string.IsNullOrWhiteSpace(l.Item)).Select(l => l.Index + 1).ToList();
        if (empty.Count > 0) throw new CliException($"{path}, line {empty[0]} is empty{(empty.Count > 1 ? $", and {empty.Count - 1} more" : "")}: {reason}; leave out the segment in all files.");
    }
}
