using SaeNotebooks.Hooks;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Judging;
using SaeNotebooks.Translation.Measures;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Switch;

/// <summary>
/// Activation patching at the last prompt token: the residual stream after a layer is taken from one prompt and put into another with
/// the same source sentence. Where the answer flips to the first prompt's task, the task is carried there.
/// </summary>
internal sealed class Patching(Examiner examiner, PromptSampler sampler, SwitchOptions options, CancellationToken cancel)
{
    private static readonly TaskKind[] OtherTasks = [TaskKind.Repeat, TaskKind.Continue];

    public IReadOnlyList<PatchingResult> Run(IProgress<string>? progress)
    {
        var results = new List<PatchingResult>();
        foreach (var task in OtherTasks)
        {
            var cases = Draw(task);
            progress?.Report($"patching translation into {task}");
            results.AddRange(PerLayer(cases.Translations, cases.Others));
            progress?.Report($"patching {task} into translation");
            results.AddRange(PerLayer(cases.Others, cases.Translations));
        }
        return results;
    }

    /// <summary>Prompts in pairs with the same source; the others' wordings do not name the target language, so only the patch can bring it.</summary>
    private (List<Document> Translations, List<Document> Others) Draw(TaskKind task)
    {
        var rng = new Rng(options.Seed + (ulong)task);
        var translate = sampler.Wordings(TaskKind.Translate, WordingSplit.Train);
        var other = sampler.Wordings(task, WordingSplit.Train).Where(w => !w.NamesTarget).ToList();
        var cases = Enumerable.Range(0, options.PatchCases).Select(_ =>
        {
            var (meaning, pair) = (sampler.Meaning(rng), rng.Pick(PromptSampler.SeenPairs));
            return (sampler.Of(rng, meaning, pair, translate), sampler.Of(rng, meaning, pair, other));
        }).ToList();
        return ([.. cases.Select(c => c.Item1)], [.. cases.Select(c => c.Item2)]);
    }

    private IEnumerable<PatchingResult> PerLayer(List<Document> donors, List<Document> receivers)
    {
        var layers = examiner.Model.Config.NLayers;
        using var residuals = TokenRows.Last(examiner.Model, [.. donors.Select(d => examiner.Model.Encode(d.Prompt))],
            [.. Enumerable.Range(0, layers).Select(Hook.ResidPost)], cancel);
        var eligible = Eligible(donors, receivers);
        if (eligible.Count == 0) yield break;
        for (var layer = 0; layer < layers; layer++)
        {
            var answers = Patched(receivers, eligible, residuals, layer);
            var outcomes = answers.Zip(eligible, (answer, i) => examiner.As(donors[i], answer)).ToList();
            yield return new(layer, donors[0].Task!.Value, receivers[0].Task!.Value, donors.Count,
                Bootstrap.Share(outcomes.Select(o => !o.IsOffTask())), Bootstrap.Share(outcomes.Select(o => o == Outcome.Right)));
        }
    }

    /// <summary>Cases in which the donor alone carries out its task and the receiver alone does not.</summary>
    private List<int> Eligible(List<Document> donors, List<Document> receivers)
    {
        var (given, unpatched) = (examiner.Answer(donors, cancel: cancel), examiner.Answer(receivers, cancel: cancel));
        return [.. Enumerable.Range(0, donors.Count).Where(i => !given[i].Outcome.IsOffTask() && examiner.As(donors[i], unpatched[i]).IsOffTask())];
    }

    private IReadOnlyList<JudgedAnswer> Patched(List<Document> receivers, List<int> eligible, Tensor residuals, int layer)
    {
        using var scope = NewDisposeScope();
        var given = residuals[layer].index_select(0, tensor([.. eligible.Select(i => (long)i)], device: residuals.device)); // [prompts, d_model]
        return examiner.Answer([.. eligible.Select(i => receivers[i])], Edit.Replace(Hook.ResidPost(layer), given, Positions.Last), cancel);
    }
}
