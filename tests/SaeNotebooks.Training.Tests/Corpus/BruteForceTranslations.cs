using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Training.Tests.Corpus;

/// <summary>
/// The slow readable twin of <see cref="Grammar.Translations"/>: writes down every sentence of a small world, and looks up which
/// of them share a text.
/// </summary>
internal sealed class BruteForceTranslations
{
    private static readonly Determiner[] Determiners = [Determiner.Definite, Determiner.Indefinite, Determiner.His, Determiner.Her, Determiner.Their];
    private readonly string[][] texts;
    private readonly Dictionary<string, List<int>>[] byText;

    public BruteForceTranslations(Grammar grammar, IEnumerable<Predicate> predicates, ClosedWord? time)
    {
        var selection = new Selection(grammar.Lexicon);
        var subjects = Phrases(grammar.Lexicon).Concat(Pronouns(grammar.Lexicon)).ToList();
        Meanings =
        [
            .. from predicate in predicates
               from subject in subjects
               from tense in Enum.GetValues<Tense>()
               from marked in new[] { true, false }
               let clause = new Clause { Subject = subject, Predicate = predicate, Tense = tense, Time = time }
               let meaning = new Meaning(clause, TenseMarked: marked)
               where selection.Allows(meaning)
               select meaning,
        ];
        texts = [.. Languages.All.Select(language => Meanings.AsParallel().AsOrdered().Select(meaning => grammar.Realize(meaning, language)).ToArray())];
        byText = [.. texts.Select(column => column.Select((text, index) => (text, index)).GroupBy(pair => pair.text)
            .ToDictionary(group => group.Key, group => group.Select(pair => pair.index).ToList()))];
    }

    public IReadOnlyList<Meaning> Meanings { get; }

    /// <summary>Marked and unmarked wordings of one meaning stand side by side, so that index ^ 1 is the other wording.</summary>
    public HashSet<string> Translations(int meaning, Language from, Language to) =>
        [.. byText[(int)from][texts[(int)from][meaning]].SelectMany(index => new[] { texts[(int)to][index], texts[(int)to][index ^ 1] })];

    /// <summary>Every noun phrase of the world.</summary>
    public static IEnumerable<NounPhrase> Phrases(LexiconTables lexicon) =>
        from noun in lexicon.Nouns
        from number in noun.IsMass ? [Number.Singular] : new[] { Number.Singular, Number.Plural }
        from gender in noun.Genders
        from determiner in Determiners
        select NounPhrase.Of(noun, determiner, number, gender);

    private static IEnumerable<NounPhrase> Pronouns(LexiconTables lexicon) =>
        from number in new[] { Number.Singular, Number.Plural }
        from pronoun in new[] { NounPhrase.Person(Gender.Masculine, number), NounPhrase.Person(Gender.Feminine, number) }
            .Concat(lexicon.Nouns.Where(noun => !noun.IsPerson && !noun.IsMass).Select(noun => NounPhrase.Of(noun, number: number).Pronoun()))
        select pronoun;
}
