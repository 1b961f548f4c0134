namespace SaeNotebooks.Training.Corpus;

/// <summary>
/// Draws meanings: common words more often than rare ones, verbs with the objects that they choose. Deterministic given the
/// generator; may be used by several threads with a generator each.
/// </summary>
public sealed class MeaningSampler
{
    private readonly ClauseSampler clauses;
    private readonly StorySampler stories;

    /// <summary>A sampler over the grammar's lexicon.</summary>
    public MeaningSampler(Grammar grammar)
    {
        var words = new WordSampler(grammar.Lexicon);
        clauses = new ClauseSampler(words, new PhraseSampler(words));
        stories = new StorySampler(words, new PhraseSampler(words));
    }

    /// <summary>One sentence: a statement, or in a tenth of the cases a yes/no question.</summary>
    public Meaning Sentence(Rng rng, Split split = Split.Train) => Draw(split, () => clauses.Sentence(rng));

    /// <summary>One statement.</summary>
    public Meaning Statement(Rng rng, Split split = Split.Train) => Draw(split, () => clauses.Statement(rng));

    /// <summary>
    /// A story of the given length: the same protagonist, place and things hold, pronouns refer back, time moves on. In a test
    /// story at least one sentence is held out, in a training story none is.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1 sentence, or more than the longest plot has.</exception>
    public IReadOnlyList<Meaning> Story(Rng rng, int sentences = 6, Split split = Split.Train)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sentences, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sentences, stories.Longest);
        while (true)
        {
            var story = stories.Story(rng, sentences);
            if (story.Any(HeldOut.IsTest) == (split == Split.Test))
                return story;
        }
    }

    private static Meaning Draw(Split split, Func<Meaning> draw)
    {
        while (true)
        {
            var meaning = draw();
            if (split.Contains(meaning))
                return meaning;
        }
    }
}
