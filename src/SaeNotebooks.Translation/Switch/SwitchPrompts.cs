using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Evaluation;

namespace SaeNotebooks.Translation.Switch;

/// <summary>
/// The prompts of the search. What is discovered or chosen comes from sentences that training may see, what is reported from held-out
/// ones; strengths are chosen in one half of the held-out wordings and measured in the other.
/// </summary>
internal sealed class SwitchPrompts(PromptSampler sampler, Wordings wordings, SwitchOptions options)
{
    private static readonly TaskKind[] Others = [TaskKind.Repeat, TaskKind.Continue, TaskKind.Answer];

    public PromptSampler Sampler => sampler;

    /// <summary>Translation prompts, then as many others, all in wordings of training.</summary>
    public IReadOnlyList<Document> Discovery()
    {
        var rng = new Rng(options.Seed + 100);
        var others = Others.ToDictionary(t => t, t => sampler.Wordings(t, WordingSplit.Train));
        return
        [
            .. Translations(rng, options.DiscoveryPrompts, WordingsOf(WordingSplit.Train), Split.Train),
            .. Enumerable.Range(0, options.DiscoveryPrompts).Select(i => Others[i % Others.Length]).Select(t => sampler.Prompt(rng, t, others[t], Split.Train)),
        ];
    }

    /// <summary>Translation prompts on which layers are compared.</summary>
    public IReadOnlyList<Document> Selection() => Translations(new(options.Seed + 101), options.SelectionPrompts, WordingsOf(WordingSplit.Train), Split.Train);

    /// <summary>Fresh translation prompts in wordings of training.</summary>
    public IReadOnlyList<Document> Test() => Translations(new(options.Seed + 102), options.TestPrompts, WordingsOf(WordingSplit.Train), Split.Test);

    /// <summary>Translation prompts in one half of the held-out wordings, on which strengths are compared.</summary>
    public IReadOnlyList<Document> HeldSelection() => Translations(new(options.Seed + 103), options.SelectionPrompts, Half(0), Split.Train);

    /// <summary>Fresh translation prompts in the other half.</summary>
    public IReadOnlyList<Document> HeldTest() => Translations(new(options.Seed + 104), options.TestPrompts, Half(1), Split.Test);

    /// <summary>Repeat and continue prompts about the same sentences, in turns, whose wordings do not name the target language.</summary>
    /// <param name="donors">translation prompts</param>
    /// <param name="part">draws of different parts differ</param>
    public IReadOnlyList<Document> Receivers(IReadOnlyList<Document> donors, ulong part)
    {
        var rng = new Rng(options.Seed + 110 + part);
        var unnamed = new[] { TaskKind.Repeat, TaskKind.Continue }.Select(t => sampler.Wordings(t, WordingSplit.Train).Where(w => !w.NamesTarget).ToList()).ToList();
        return [.. donors.Select((d, i) => sampler.Of(rng, d.Meanings[^1], (d.Source, d.Target), unnamed[i % unnamed.Count]))];
    }

    private IReadOnlyList<Wording> WordingsOf(WordingSplit split) => sampler.Wordings(TaskKind.Translate, split);

    /// <summary>Every other held-out wording, so that both halves have all strengths and languages.</summary>
    private Wording[] Half(int which) =>
        [.. wordings.Where(TaskKind.Translate, WordingSplit.Held).OrderBy(w => w.Strength).Index().Where(w => w.Index % 2 == which).Select(w => w.Item)];

    private List<Document> Translations(Rng rng, int count, IReadOnlyList<Wording> from, Split split) =>
        [.. Enumerable.Range(0, count).Select(_ => sampler.Translation(rng, rng.Pick(PromptSampler.SeenPairs), from, split))];
}
