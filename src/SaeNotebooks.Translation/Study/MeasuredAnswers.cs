using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Judging.OffTask;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Study;

/// <summary>Generations of one language pair in the measures of the field, as sacreBLEU computes them, against the one reference.</summary>
/// <param name="Pair">the languages</param>
/// <param name="Id">the latent that is multiplied; null without intervention</param>
/// <param name="Factor">by how much; 1 without intervention</param>
/// <param name="Bleu">0 to 100, with the tokenizer of the target language</param>
/// <param name="ChrF">0 to 100</param>
/// <param name="ChrFPlusPlus">0 to 100</param>
/// <param name="Exact">share of answers that are the reference</param>
/// <param name="OffTask">share of answers that are off task</param>
/// <param name="LengthRatio">tokens of the answers by those of the references, as BLEU divides them; null in reports that did not measure it, as the two that follow</param>
/// <param name="Repeated">mean share of an answer's 4-grams that repeat an earlier one</param>
/// <param name="Framed">share of answers that begin by announcing a translation</param>
public sealed record MeasuredAnswers(string Pair, LatentId? Id, double Factor, double Bleu, double ChrF, double ChrFPlusPlus, double Exact, double OffTask,
    double? LengthRatio = null, double? Repeated = null, double? Framed = null)
{
    /// <summary>Of the unedited answers and of those with the best latents.</summary>
    internal static IReadOnlyList<MeasuredAnswers> Of(IReadOnlyList<TranslationPrompt> prompts, AnswerSet plain, IReadOnlyList<(LatentToVerify Latent, double Factor, AnswerSet Answers)> edited) =>
    [
        .. from set in edited.Where(e => e.Latent.Group == VerifiedGroup.Best).Select(e => (Id: (LatentId?)e.Latent.Id, e.Factor, e.Answers)).Prepend((null, 1, plain))
           from pair in prompts.Index().GroupBy(p => p.Item.Setting.Pair)
           select One(pair.Key, set.Id, set.Factor, set.Answers, [.. pair.Select(p => p.Index)], [.. pair.Select(p => p.Item)]),
    ];

    private static MeasuredAnswers One(string pair, LatentId? id, double factor, AnswerSet answers, int[] rows, TranslationPrompt[] prompts)
    {
        string[] texts = [.. rows.Select(i => answers.Texts[i])], references = [.. prompts.Select(p => p.Answer.Trim())];
        var bleu = Measures.Bleu.For(prompts[0].Setting.To).Corpus(texts, references);
        return new(pair, id, factor, bleu.Score, Measures.ChrF.Default.Corpus(texts, references),
            Measures.ChrF.PlusPlus.Corpus(texts, references), ExactMatch.Corpus(texts, references), rows.Count(i => answers.OffTask[i]) / (double)rows.Length,
            (double)bleu.HypothesisLength / bleu.ReferenceLength, Repetition.Corpus(texts), TranslationFraming.Rate(texts, [.. prompts.Select(p => p.SourceText)]));
    }
}
