namespace SaeNotebooks.Training.Corpus;

/// <summary>The lexicon with a realiser for every language. Immutable; may be used by several threads at once.</summary>
public sealed class Grammar
{
    private readonly Realiser[] realisers;
    private readonly Ambiguity ambiguity;

    private Grammar(LexiconTables lexicon)
    {
        Lexicon = lexicon;
        realisers =
        [
            new EnglishRealiser(lexicon), new FrenchRealiser(lexicon), new GermanRealiser(lexicon),
            new SpanishRealiser(lexicon), new VietnameseRealiser(lexicon),
        ];
        ambiguity = new Ambiguity(lexicon, realisers);
    }

    /// <summary>All words.</summary>
    public LexiconTables Lexicon { get; }

    /// <summary>Reads <c>nouns.tsv</c>, <c>verbs.tsv</c>, <c>adjectives.tsv</c>, <c>closed.tsv</c> and <c>stories.tsv</c> of a folder.</summary>
    /// <exception cref="LexiconException">A file is missing or a row is wrong; the message names file, line and column.</exception>
    public static Grammar Load(string lexiconFolder) => new(LexiconTables.Load(lexiconFolder));

    /// <summary>The canonical sentence: capitalised, with its final mark.</summary>
    public string Realize(Meaning meaning, Language language) => realisers[(int)language].Sentence(meaning);

    /// <summary>The short answer to a wh-question, e.g. <c>In the garden.</c></summary>
    /// <exception cref="ArgumentException">The meaning is not a wh-question.</exception>
    public string Answer(Meaning question, Language language) => realisers[(int)language].Answer(question);

    /// <summary>
    /// Every realisation in <paramref name="to"/> of every meaning whose realisation in <paramref name="from"/> is the text of
    /// <paramref name="meaning"/>; the canonical one first. Structure is kept: what varies is what words and inflection leave open.
    /// </summary>
    public IReadOnlyList<string> Translations(Meaning meaning, Language from, Language to) => ambiguity.Translations(meaning, from, to);

    /// <summary>A question about a statement, with its answer; null if nothing in it can be asked for.</summary>
    public Question? Ask(Meaning statement, Rng rng) => Question.About(this, statement, rng);
}
