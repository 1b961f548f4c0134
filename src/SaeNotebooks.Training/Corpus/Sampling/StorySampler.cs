namespace SaeNotebooks.Training.Corpus;

/// <summary>Tells stories along the plots of the lexicon.</summary>
internal sealed class StorySampler(WordSampler words, PhraseSampler phrases)
{
    private static readonly Weighted<Tense> Tenses = new(Enum.GetValues<Tense>(), tense => tense switch { Tense.Present => 25, Tense.Past => 60, _ => 15 });

    /// <summary>The longest story that some plot can fill.</summary>
    public int Longest { get; } = words.Lexicon.Stories.Count == 0 ? 0 : words.Lexicon.Stories.Max(plan => plan.Beats.Count);

    /// <summary>A story with exactly this many sentences.</summary>
    public IReadOnlyList<Meaning> Story(Rng rng, int sentences)
    {
        var plans = words.Lexicon.Stories.Where(plan => plan.Beats.Count >= sentences).ToList();
        StoryPlan plan;
        List<Beat> beats;
        do
        {
            // Drawn anew each time: a plot whose obligatory steps alone exceed the length has only one choice, coherent or not.
            plan = rng.Pick(plans);
            beats = Choose(rng, plan.Beats, sentences);
        }
        while (!IsCoherent(beats));
        var teller = new StoryTeller(words, phrases, rng, plan, Tenses.Draw(rng));
        return [.. beats.Select((beat, index) => teller.Tell(beat, isFirst: index == 0, isLast: index == sentences - 1))];
    }

    /// <summary>All obligatory steps and as many others as there is room for; if there is no room, the story breaks off.</summary>
    private static List<Beat> Choose(Rng rng, IReadOnlyList<Beat> beats, int count)
    {
        var kept = beats.Where(beat => !beat.IsOptional).ToHashSet();
        var rest = beats.Where(beat => beat.IsOptional).ToList();
        while (kept.Count < count)
        {
            var beat = rng.Pick(rest);
            rest.Remove(beat);
            kept.Add(beat);
        }
        return [.. beats.Where(kept.Contains).Take(count)];
    }

    private static bool IsCoherent(IEnumerable<Beat> beats)
    {
        var (friend, thing) = (false, false);
        foreach (var beat in beats)
        {
            if ((beat.NeedsFriend && !friend) || (beat.NeedsThing && !thing))
                return false;
            friend |= beat.Kind == "come";
            thing |= beat.MentionsThing;
        }
        return true;
    }
}
