using SaeNotebooks.Generation;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Judging;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Evaluation;

/// <summary>A prompt, what the model wrote after it, and what became of that.</summary>
/// <param name="Prompt">the prompt</param>
/// <param name="Text">the answer's line</param>
/// <param name="Outcome">the judgement</param>
public sealed record JudgedAnswer(Document Prompt, string Text, Outcome Outcome);

/// <summary>Has a model answer prompts greedily and judges the answers.</summary>
/// <param name="model">a model with a tokenizer</param>
/// <param name="judge">the judge</param>
public sealed class Examiner(HookedTransformer model, AnswerJudge judge)
{
    /// <summary>Answers longer than this have not ended.</summary>
    public int MaxNewTokens { get; init; } = 40;

    /// <summary>Prompts that run together.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>The model.</summary>
    public HookedTransformer Model => model;

    /// <summary>The judge.</summary>
    public AnswerJudge Judge => judge;

    /// <summary>Generates and judges, with the same edits for all prompts.</summary>
    /// <returns>one answer per prompt, in their order</returns>
    public IReadOnlyList<JudgedAnswer> Answer(IReadOnlyList<Document> prompts, Edits? edits = null, CancellationToken cancel = default) =>
        Answer(prompts, _ => edits ?? Edits.None, cancel);

    /// <summary>Generates and judges, with edits made for each batch.</summary>
    /// <param name="prompts">the prompts</param>
    /// <param name="editsOf">given which prompts stand in the rows of a batch, the edits to make; its tensors live as long as the batch</param>
    /// <param name="cancel">ends it with an exception</param>
    internal IReadOnlyList<JudgedAnswer> Answer(IReadOnlyList<Document> prompts, Func<int[], Edits> editsOf, CancellationToken cancel)
    {
        var ids = prompts.Select(p => model.Encode(p.Prompt)).ToList();
        var answers = new JudgedAnswer[prompts.Count];
        var options = new GenerationOptions { MaxNewTokens = MaxNewTokens, BatchSize = BatchSize };
        foreach (var batch in Batches.ByLength(ids, BatchSize))
        {
            using var scope = NewDisposeScope();
            // Already in the order of length, so the rows stay where the edits expect them.
            var generated = model.GenerateAll([.. batch.Select(i => ids[i])], options, editsOf(batch), cancellation: cancel);
            foreach (var (row, i) in batch.Index())
                answers[i] = new(prompts[i], AnswerJudge.Answer(generated[row].Text), judge.Judge(prompts[i], generated[row]));
        }
        return answers;
    }
}
