using System.Collections.Concurrent;

namespace SaeNotebooks.Training.Corpus;

/// <summary>Draws words: each step of frequency is half as much again in weight, and every word has favourites among those that it allows.</summary>
internal sealed class WordSampler(LexiconTables lexicon)
{
    private const double Favour = 4;
    private readonly ConcurrentDictionary<string, Weighted<Noun>> nouns = new();
    private readonly ConcurrentDictionary<string, Weighted<Verb>> verbs = new();
    private readonly ConcurrentDictionary<string, Weighted<Adjective>> adjectives = new();

    public LexiconTables Lexicon { get; } = lexicon;

    public Weighted<Noun> Subjects(Verb verb) =>
        Nouns("subject " + verb.Id, noun => verb.Subjects.Allows(noun.Class), noun => Affinity(verb.Id, noun.Id));

    public Weighted<Noun> Objects(Verb verb) =>
        Nouns("object " + verb.Id, noun => verb.Objects.Allows(noun.Class), noun => Affinity(verb.Id, noun.Id));

    public Weighted<Noun> Described(Adjective adjective) =>
        Nouns("described " + adjective.Id, noun => adjective.Classes.Allows(noun.Class), noun => Affinity(adjective.Id, noun.Id));

    /// <summary>Nouns that pass a test, kept under a key.</summary>
    public Weighted<Noun> Nouns(string key, Func<Noun, bool> allows, Func<Noun, double>? affinity = null) =>
        nouns.GetOrAdd(key, _ => new Weighted<Noun>(Lexicon.Nouns.Where(allows), noun => Weight(noun.Frequency) * (affinity?.Invoke(noun) ?? 1)));

    /// <summary>Verbs that pass a test, kept under a key.</summary>
    public Weighted<Verb> Verbs(string key, Func<Verb, bool> allows) =>
        verbs.GetOrAdd(key, _ => new Weighted<Verb>(Lexicon.Verbs.Where(allows), verb => Weight(verb.Frequency)));

    public Weighted<Adjective> Adjectives(Noun noun) =>
        adjectives.GetOrAdd(noun.Id, _ => new Weighted<Adjective>(Lexicon.Adjectives.Where(adjective => adjective.Classes.Allows(noun.Class)),
            adjective => Weight(adjective.Frequency) * Affinity(adjective.Id, noun.Id)));

    /// <summary>Adjectives that pass a test, kept under a key.</summary>
    public Weighted<Adjective> Adjectives(string key, Func<Adjective, bool> allows) =>
        adjectives.GetOrAdd("key " + key, _ => new Weighted<Adjective>(Lexicon.Adjectives.Where(allows), adjective => Weight(adjective.Frequency)));

    /// <summary>Flatter than text, where the rarest words would be 16 times as rare: a model of this size does not learn those within its training.</summary>
    private static double Weight(int frequency) => Math.Pow(1.5, frequency);

    private static double Affinity(string chooser, string chosen) => StableHash.Of(chooser + "|" + chosen) % 5 == 0 ? Favour : 1;
}
