namespace SaeNotebooks.Training.Corpus;

/// <summary>
/// Finds what a text leaves open. Each place of a meaning (a noun phrase, a clause's verb or adjective, the tense) is varied
/// alone, and the variants that leave the source text as it is are then combined.
/// </summary>
internal sealed class Ambiguity(LexiconTables lexicon, IReadOnlyList<Realiser> realisers)
{
    private static readonly Tense[] Tenses = Enum.GetValues<Tense>();
    private readonly Variants variants = new(lexicon);
    private readonly Selection selection = new(lexicon);

    /// <summary>Every target sentence of every reading of the source sentence, the canonical one first.</summary>
    public IReadOnlyList<string> Translations(Meaning meaning, Language from, Language to)
    {
        var readings = Readings(meaning, from);
        if (to == Language.Vietnamese)
            readings = readings.SelectMany(reading => new[] { reading, reading with { TenseMarked = !reading.TenseMarked } });
        return [.. readings.Select(realisers[(int)to].Sentence).Distinct()];
    }

    /// <summary>Every meaning with the same text, this one first.</summary>
    private IEnumerable<Meaning> Readings(Meaning meaning, Language from)
    {
        var source = realisers[(int)from];
        var text = source.Sentence(meaning);
        List<Meaning> readings = [meaning];
        foreach (var slot in Slots(meaning, source, from))
        {
            var open = slot.Where(vary => IsSame(vary(meaning))).ToList();
            if (open.Count > 0)
                readings.AddRange([.. readings.SelectMany(reading => open.Select(vary => vary(reading))).Where(IsSame)]);
        }
        return readings.Where((reading, index) => index == 0 || selection.Allows(reading));

        bool IsSame(Meaning variant) => source.Sentence(variant) == text;
    }

    /// <summary>The places of a meaning, each with what else could stand there.</summary>
    private List<IEnumerable<Func<Meaning, Meaning>>> Slots(Meaning meaning, Realiser source, Language from)
    {
        var phrases = new List<NounPhrase>();
        var clauses = new List<Clause>();
        new MeaningMap(phrase => Seen(phrases, phrase), clause => Seen(clauses, clause)).Apply(meaning);
        List<IEnumerable<Func<Meaning, Meaning>>> slots = [Retense(meaning, from)];
        for (var i = 0; i < phrases.Count; i++)
            slots.Add(AtPhrase(i, variants.Of(phrases[i], source, from)));
        for (var i = 0; i < clauses.Count; i++)
        {
            slots.Add(AtClause(i, variants.Of(clauses[i].Predicate, from).Select(
                vary => (Func<Clause, Clause>)(clause => clause with { Predicate = vary(clause.Predicate) }))));
            if (!ReferenceEquals(clauses[i], meaning.Main) && !IsTied(clauses[i], meaning))
                slots.Add(AtClause(i, OtherTenses(clauses[i].Tense).Select(tense => (Func<Clause, Clause>)(clause => clause with { Tense = tense }))));
        }
        return slots;
    }

    /// <summary>A linked clause in the tense of the main clause follows it when that changes.</summary>
    private static bool IsTied(Clause clause, Meaning meaning) => ReferenceEquals(clause, meaning.Link?.Clause) && clause.Tense == meaning.Main.Tense;

    /// <summary>Other tenses, in Vietnamese marked or not: what one tense leaves unmarked, another may too.</summary>
    private static IEnumerable<Func<Meaning, Meaning>> Retense(Meaning original, Language from)
    {
        var tied = original.Link is { } link && IsTied(link.Clause, original);
        bool[] marks = from == Language.Vietnamese ? [true, false] : [original.TenseMarked];
        return from tense in Tenses
               from marked in marks
               where tense != original.Main.Tense || marked != original.TenseMarked
               select (Func<Meaning, Meaning>)(meaning => meaning with
               {
                   TenseMarked = marked,
                   Main = meaning.Main with { Tense = tense },
                   Link = tied ? meaning.Link! with { Clause = meaning.Link.Clause with { Tense = tense } } : meaning.Link,
               });
    }

    private static IEnumerable<Tense> OtherTenses(Tense tense) => Tenses.Where(other => other != tense);

    private static IEnumerable<Func<Meaning, Meaning>> AtPhrase(int index, IEnumerable<Func<NounPhrase, NounPhrase>> changes) =>
        changes.Select(change => (Func<Meaning, Meaning>)(meaning => new MeaningMap(Only(index, change), clause => clause).Apply(meaning)));

    private static IEnumerable<Func<Meaning, Meaning>> AtClause(int index, IEnumerable<Func<Clause, Clause>> changes) =>
        changes.Select(change => (Func<Meaning, Meaning>)(meaning => new MeaningMap(phrase => phrase, Only(index, change)).Apply(meaning)));

    private static Func<T, T> Only<T>(int index, Func<T, T> change)
    {
        var visited = 0;
        return item => visited++ == index ? change(item) : item;
    }

    private static T Seen<T>(List<T> items, T item)
    {
        items.Add(item);
        return item;
    }
}
