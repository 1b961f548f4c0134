using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tests.Tasks;

namespace SaeNotebooks.Training.Tests.Corpus;

public class SamplerTests
{
    private static readonly MeaningSampler Sampler = new(Corpora.Grammar);

    [Fact]
    public void The_generator_gives_the_published_sequence()
    {
        // xoshiro256** seeded with splitmix64(0), as in the reference implementation's test vectors.
        Assert.Equal(11091344671253066420UL, new Rng(0).NextBits());
        var rng = new Rng(5);
        rng.NextBits();
        var continued = Rng.Restore(rng.Save());
        Assert.Equal(rng.NextBits(), continued.NextBits());
    }

    [Fact]
    public void Bounded_draws_cover_their_range_evenly()
    {
        var rng = new Rng(3);
        var counts = new int[6];
        for (var i = 0; i < 60_000; i++)
            counts[rng.Next(6)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
        Assert.Throws<ArgumentOutOfRangeException>(() => rng.Next(0));
    }

    [Fact]
    public void The_same_seed_gives_the_same_thousand_samples_on_any_thread()
    {
        var alone = Hash(21);
        var together = new ulong[4];
        Parallel.For(0, 4, i => together[i] = Hash(21));
        Assert.All(together, hash => Assert.Equal(alone, hash));
        Assert.NotEqual(alone, Hash(22));
    }

    [Fact]
    public void Training_never_shows_a_held_out_combination_and_tests_always_do()
    {
        var rng = new Rng(4);
        for (var i = 0; i < 3000; i++)
            Assert.False(HeldOut.IsTest(Sampler.Sentence(rng)));
        for (var i = 0; i < 100; i++)
            Assert.True(HeldOut.IsTest(Sampler.Sentence(rng, Split.Test)));
    }

    [Fact]
    public void About_two_percent_of_combinations_are_held_out()
    {
        var rng = new Rng(6);
        var signatures = new Dictionary<string, bool>();
        while (signatures.Count < 8000)
            foreach (var split in new[] { Split.Train, Split.Test })
                for (var i = 0; i < (split == Split.Train ? 98 : 2); i++)
                {
                    var meaning = Sampler.Statement(rng, split);
                    signatures[meaning.Signature] = HeldOut.IsTest(meaning);
                }
        Assert.InRange(signatures.Values.Count(test => test) / (double)signatures.Count, 0.01, 0.04);
    }

    [Fact]
    public void What_is_held_out_does_not_depend_on_tense_number_or_adjuncts()
    {
        var rng = new Rng(8);
        for (var i = 0; i < 500; i++)
        {
            var meaning = Sampler.Statement(rng, Split.Test);
            var changed = meaning with { Main = meaning.Main with { Tense = Tense.Past, Time = null, Negated = !meaning.Main.Negated }, TenseMarked = !meaning.TenseMarked };
            Assert.Equal(meaning.Signature, changed.Signature);
            Assert.True(HeldOut.IsTest(changed));
        }
    }

    [Fact]
    public void Sentences_are_of_readable_length()
    {
        var rng = new Rng(9);
        var lengths = Enumerable.Range(0, 4000).Select(_ => Corpora.Grammar.Realize(Sampler.Sentence(rng), Language.English).Split(' ').Length).ToList();
        Assert.InRange(lengths.Average(), 6, 9);
        Assert.InRange(lengths.Count(length => length is >= 3 and <= 14) / (double)lengths.Count, 0.95, 1);
    }

    [Fact]
    public void Sampled_words_go_together()
    {
        var selection = new Selection(Corpora.Grammar.Lexicon);
        var rng = new Rng(10);
        for (var i = 0; i < 3000; i++)
            Assert.True(selection.Allows(Sampler.Sentence(rng)));
    }

    private static ulong Hash(ulong seed)
    {
        var sampler = new MeaningSampler(Corpora.Grammar);
        var rng = new Rng(seed);
        var hash = 0UL;
        for (var i = 0; i < 1000; i++)
        {
            var meaning = sampler.Sentence(rng);
            foreach (var language in Languages.All)
                hash = StableHash.Of(hash + Corpora.Grammar.Realize(meaning, language));
        }
        return hash;
    }
}
