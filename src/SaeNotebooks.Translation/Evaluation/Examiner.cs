using SaeNotebooks.Generation;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Judging;

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

    /// <summary>What an answer is when it is taken as one to another prompt about the same sentence.</summary>
    /// <param name="prompt">the other prompt</param>
    /// <param name="answer">the answer</param>
    public Outcome As(Document prompt, JudgedAnswer answer) => answer.Outcome is Outcome.Empty or Outcome.NeverEnded
        ? answer.Outcome : judge.Judge(prompt, answer.Text, ended: true);

    /// <summary>Generates and judges.</summary>
    /// <param name="prompts">the prompts</param>
    /// <param name="edits">changes made on the way</param>
    /// <param name="cancel">ends it with an exception</param>
    /// <returns>one answer per prompt, in their order</returns>
    public IReadOnlyList<JudgedAnswer> Answer(IReadOnlyList<Document> prompts, Edits? edits = null, CancellationToken cancel = default)
    {
        if (prompts.Count == 0) return [];
        var options = new GenerationOptions { MaxNewTokens = MaxNewTokens, BatchSize = BatchSize };
        var generated = model.GenerateAll([.. prompts.Select(p => p.Prompt)], options, edits, cancellation: cancel);
        return [.. prompts.Zip(generated, (prompt, text) => new JudgedAnswer(prompt, AnswerJudge.Answer(text.Text), judge.Judge(prompt, text)))];
    }
}
