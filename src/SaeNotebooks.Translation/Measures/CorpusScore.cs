using SaeNotebooks.Translation.Judging.OffTask;
using SaeNotebooks.Translation.Measures.Tokenizers;

namespace SaeNotebooks.Translation.Measures;

/// <summary>All that is measured of a system's outputs without a model: their nearness to references, and how many are no translations.</summary>
/// <param name="Segments">outputs</param>
/// <param name="Bleu">0 to 100</param>
/// <param name="ChrF">0 to 100</param>
/// <param name="ChrFPlusPlus">0 to 100</param>
/// <param name="Ter">in percent; lower is better</param>
/// <param name="LengthRatio">tokens of the outputs by those of the references, as BLEU divides them: below 1 where outputs are too short</param>
/// <param name="Repeated">share of 4-grams that repeat an earlier one of the same output; see <see cref="Repetition"/></param>
/// <param name="Framed">the share of outputs that begin by announcing a translation; see <see cref="TranslationFraming"/></param>
/// <param name="Exact">the share of outputs that are the reference</param>
/// <param name="Kinds">what is wrong with each output</param>
/// <param name="Bleus">how BLEU was computed</param>
public sealed record CorpusScore(int Segments, double Bleu, double ChrF, double ChrFPlusPlus, double Ter, double LengthRatio, double Repeated, double Framed, double Exact, IReadOnlyList<OffTaskKinds> Kinds, Bleu Bleus)
{
    /// <summary>Measures outputs.</summary>
    /// <param name="outputs">one per segment</param>
    /// <param name="references">one per segment, none of them empty</param>
    /// <param name="sources">one per segment, or null if they are not known</param>
    /// <param name="target">code of the target language</param>
    /// <param name="tokenizer">of BLEU; by default that of the target language</param>
    /// <exception cref="ArgumentException">lengths differ, there are no segments, a reference is empty, or the code is unknown</exception>
    public static CorpusScore Of(IReadOnlyList<string> outputs, IReadOnlyList<string> references, IReadOnlyList<string>? sources, string target, SegmentTokenizer? tokenizer = null)
    {
        var detector = new OffTaskDetector(target);
        if (sources is not null && sources.Count != outputs.Count)
            throw new ArgumentException($"There are {outputs.Count} outputs and {sources.Count} sources; each output needs its own.", nameof(sources));
        var bleu = tokenizer is null ? Measures.Bleu.For(target) : new() { Tokenizer = tokenizer };
        var score = bleu.Corpus(outputs, references);
        return new(outputs.Count, score.Score, Measures.ChrF.Default.Corpus(outputs, references),
            Measures.ChrF.PlusPlus.Corpus(outputs, references), EditRate.TranslationEditRate.Default.Corpus(outputs, references), (double)score.HypothesisLength / score.ReferenceLength,
            Repetition.Corpus(outputs), TranslationFraming.Rate(outputs, sources), ExactMatch.Corpus(outputs, references),
            [.. outputs.Select((output, i) => detector.Detect(output, sources?[i]))], bleu);
    }

    /// <summary>The share of outputs with a kind, or with any for <see cref="OffTaskKinds.None"/>.</summary>
    public double Rate(OffTaskKinds kind) => Kinds.Count(k => kind == OffTaskKinds.None ? k != 0 : k.HasFlag(kind)) / (double)Segments;
}
