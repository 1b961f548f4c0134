using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Judging;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Switch;

/// <summary>
/// How often repeat and continue prompts are answered by a translation once latents are raised at their last token to what is usual on
/// translations: whether the latents suffice.
/// </summary>
/// <param name="examiner">the model and the judge</param>
/// <param name="donors">translation prompts, which say into which language</param>
/// <param name="receivers">other prompts about the same sentences, whose words do not name that language</param>
/// <param name="cancel">ends it with an exception</param>
internal sealed class Insertion(Examiner examiner, IReadOnlyList<Document> donors, IReadOnlyList<Document> receivers, CancellationToken cancel)
{
    private readonly int[] _eligible = [.. examiner.Answer(receivers, cancel: cancel).Index()
        .Where(a => examiner.As(donors[a.Index], a.Item).IsOffTask()).Select(a => a.Index)];

    /// <summary>Share of answers that translate, of the prompts that are not answered so by themselves.</summary>
    /// <param name="sae">whose latents are raised</param>
    /// <param name="statistics">of its latents</param>
    /// <param name="latents">which latents</param>
    public Estimate Flipped(Sae sae, PromptEndStatistics statistics, IReadOnlyList<int> latents)
    {
        using var moves = Raising.Moves(examiner.Model, sae, statistics, [.. _eligible.Select(i => (receivers[i], donors[i].Target))], latents, 1, cancel);
        using var written = Raising.Written(sae, moves, latents);
        var answers = examiner.Answer([.. _eligible.Select(i => receivers[i])], LastTokens.Add(sae.Config.Hook, written, Positions.Last), cancel);
        return Bootstrap.Share(_eligible.Zip(answers, (i, answer) => !examiner.As(donors[i], answer).IsOffTask()));
    }
}
