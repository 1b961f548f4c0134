using SaeNotebooks.Hooks;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Judging;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Switch;

/// <summary>The off-task rate on a set of prompts, without edits and with them; paired by prompt.</summary>
internal sealed class OffTaskRate(Examiner examiner, IReadOnlyList<Document> prompts, CancellationToken cancel)
{
    private readonly IReadOnlyList<JudgedAnswer> _before = examiner.Answer(prompts, cancel: cancel);

    public IReadOnlyList<Document> Prompts => prompts;

    /// <summary>Without edits.</summary>
    public Estimate Before => Rate(_before);

    /// <summary>The answers with edits.</summary>
    public IReadOnlyList<JudgedAnswer> With(Edits edits) => examiner.Answer(prompts, edits, cancel);

    /// <summary>How the rate of edited answers differs.</summary>
    public Estimate Change(IReadOnlyList<JudgedAnswer> after) => Difference(after, o => o.IsOffTask());

    /// <summary>How the share of right answers differs.</summary>
    public Estimate RightChange(IReadOnlyList<JudgedAnswer> after) => Difference(after, o => o == Outcome.Right);

    public static Estimate Rate(IReadOnlyList<JudgedAnswer> answers) => Bootstrap.Share(answers.Select(a => a.Outcome.IsOffTask()));

    private Estimate Difference(IReadOnlyList<JudgedAnswer> after, Func<Outcome, bool> holds) =>
        Bootstrap.Difference([.. _before.Select(a => holds(a.Outcome))], [.. after.Select(a => holds(a.Outcome))]);
}
