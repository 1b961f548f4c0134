using SaeNotebooks.Generation;
using SaeNotebooks.Models;
using SaeNotebooks.Steering.Judging;
using SaeNotebooks.Training.Evaluation;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Translation.Judging;

/// <summary>
/// Rates texts of the embedded model without a language model as judge, so that the score can be had offline and twice the same. The concept is translation into the language that
/// a prompt names: 2 for an answer in it, 1 for one in another language than the source's or in none, else 0. The instruction is followed by a right answer (2), by one on task with
/// other words (1). Fluency is the perplexity of the text alone under the unedited model, beside those of right answers: 2 up to their 95th percentile, 1 up to three times that.
/// </summary>
public sealed class TranslationSteeringJudge : ISteeringJudge
{
    private const double FluentShare = 0.95, Clumsy = 3;

    private readonly HookedTransformer _unedited;
    private readonly AnswerJudge _judge;
    private readonly Dictionary<string, Document> _prompts;

    /// <param name="unedited">the model without edits</param>
    /// <param name="judge">of answers</param>
    /// <param name="prompts">every prompt that will be rated, translations all of them</param>
    /// <exception cref="ArgumentException">a prompt asks for no translation, or there is none</exception>
    public TranslationSteeringJudge(HookedTransformer unedited, AnswerJudge judge, IReadOnlyList<Document> prompts)
    {
        if (prompts.Count == 0 || prompts.Any(p => p.Task != TaskKind.Translate))
            throw new ArgumentException($"Prompts of translations are rated, one at least; there are {prompts.Count}, {prompts.Count(p => p.Task != TaskKind.Translate)} of them of other tasks.", nameof(prompts));
        (_unedited, _judge, _prompts) = (unedited, judge, prompts.DistinctBy(p => p.Prompt).ToDictionary(p => p.Prompt));
        double[] usual = [.. prompts.Select(p => Perplexity(AnswerJudge.Answer(p.Answer))).Order()];
        FluentUpTo = usual[(int)Math.Ceiling(FluentShare * usual.Length) - 1];
    }

    /// <inheritdoc/>
    public string Name => "the corpus's own judge";

    /// <summary>The perplexity up to which a text is fluent.</summary>
    public double FluentUpTo { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">the prompt is none of those announced</exception>
    public Task<SteeringRating> Rate(string prompt, string concept, GeneratedText text, CancellationToken cancellation = default)
    {
        if (!_prompts.TryGetValue(prompt, out var document)) throw new ArgumentException($"The prompt '{prompt}' is none of those that this judge knows.", nameof(prompt));
        var outcome = _judge.Judge(document, text);
        var answer = AnswerJudge.Answer(text.Text);
        return Task.FromResult(new SteeringRating(Concept(outcome), outcome switch { Outcome.Right => 2, Outcome.WrongWords => 1, _ => 0 }, Fluency(answer)));
    }

    private static int Concept(Outcome outcome) => outcome switch { Outcome.Right or Outcome.WrongWords => 2, Outcome.OtherLanguage => 1, _ => 0 };

    private int Fluency(string answer) => answer.Length == 0 ? 0 : Perplexity(answer) is var p && p <= FluentUpTo ? 2 : p <= Clumsy * FluentUpTo ? 1 : 0;

    private double Perplexity(string text)
    {
        var ids = _unedited.Encode(text);
        return ids.Count < 2 ? double.PositiveInfinity : Math.Exp(NextTokenLoss.Of(_unedited, [ids])[0].Average());
    }
}
