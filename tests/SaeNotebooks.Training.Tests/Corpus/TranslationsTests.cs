using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tests.Tasks;

namespace SaeNotebooks.Training.Tests.Corpus;

public class TranslationsTests
{
    private static readonly Grammar Tiny = Grammar.Load(Path.Combine(Path.GetDirectoryName(Corpora.Folder("lexicon"))!, "..", "tests", "SaeNotebooks.Training.Tests", "Corpus", "tiny"));

    public static TheoryData<string> Times => ["", "yesterday", "on_sunday"];

    [Theory]
    [MemberData(nameof(Times))]
    public void Equal_the_brute_force_over_a_tiny_world_with_actions(string time)
    {
        var predicates = from verb in Tiny.Lexicon.Verbs
                         from item in verb.Frame == VerbFrame.Intransitive ? [null] : BruteForceTranslations.Phrases(Tiny.Lexicon).Cast<NounPhrase?>()
                         where item is null || (verb.Objects.Allows(item.Class) && item.Noun!.Id != "child")
                         select new SaeNotebooks.Training.Corpus.Action(verb, item);
        AssertEqualsBruteForce(predicates, time, samples: 60);
    }

    [Fact]
    public void Equal_the_brute_force_over_a_tiny_world_with_qualities() =>
        AssertEqualsBruteForce(Tiny.Lexicon.Adjectives.Select(adjective => new Quality(adjective)), time: "", samples: 150);

    [Fact]
    public void Begin_with_the_canonical_sentence()
    {
        var sampler = new MeaningSampler(Corpora.Grammar);
        var rng = new Rng(1);
        for (var i = 0; i < 300; i++)
        {
            var meaning = sampler.Sentence(rng);
            var (from, to) = (rng.Pick(Languages.All), rng.Pick(Languages.All));
            var translations = Corpora.Grammar.Translations(meaning, from, to);
            Assert.Equal(Corpora.Grammar.Realize(meaning, to), translations[0]);
            Assert.Equal(translations.Count, translations.Distinct().Count());
        }
    }

    /// <summary>Nothing is open between a language and itself but what Vietnamese marks optionally.</summary>
    [Theory]
    [InlineData(Language.English)]
    [InlineData(Language.French)]
    [InlineData(Language.German)]
    [InlineData(Language.Spanish)]
    public void Into_the_same_language_are_the_sentence_itself(Language language)
    {
        var sampler = new MeaningSampler(Corpora.Grammar);
        var rng = new Rng(2);
        for (var i = 0; i < 200; i++)
        {
            var meaning = sampler.Sentence(rng);
            Assert.Equal([Corpora.Grammar.Realize(meaning, language)], Corpora.Grammar.Translations(meaning, language, language));
        }
    }

    [Fact]
    public void Know_what_each_language_leaves_open()
    {
        var lexicon = Corpora.Grammar.Lexicon;
        var teacher = new Meaning(new Clause { Subject = NounPhrase.Of(lexicon.Noun("teacher")), Predicate = new SaeNotebooks.Training.Corpus.Action(lexicon.Verb("sleep")) });
        Assert.Equal(["Le professeur dort.", "La professeure dort."], Corpora.Grammar.Translations(teacher, Language.English, Language.French));
        Assert.Equal(["The teacher sleeps."], Corpora.Grammar.Translations(teacher, Language.French, Language.English));
        Assert.Equal(["The teacher sleeps.", "The teacher slept."], Corpora.Grammar.Translations(teacher, Language.Vietnamese, Language.English));
        var bat = new Meaning(new Clause
        {
            Subject = NounPhrase.Person(Gender.Feminine),
            Predicate = new SaeNotebooks.Training.Corpus.Action(lexicon.Verb("look.for"), NounPhrase.Of(lexicon.Noun("bat.animal"))),
        });
        Assert.Equal(["Sie sucht den Schläger.", "Sie sucht die Fledermaus."], Corpora.Grammar.Translations(bat, Language.English, Language.German).Order());
    }

    private static void AssertEqualsBruteForce(IEnumerable<Predicate> predicates, string time, int samples)
    {
        var world = new BruteForceTranslations(Tiny, predicates, time.Length == 0 ? null : Tiny.Lexicon.Closed("time", time));
        var rng = new Rng(5);
        for (var i = 0; i < samples; i++)
        {
            var index = rng.Next(world.Meanings.Count);
            foreach (var from in Languages.All)
                foreach (var to in Languages.All)
                    Assert.Equal(world.Translations(index, from, to).Order(), Tiny.Translations(world.Meanings[index], from, to).Order());
        }
    }
}
