using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Translation.Tests.Judging;

public class LanguageGuesserTests
{
    [Theory]
    [InlineData(Language.English)]
    [InlineData(Language.French)]
    [InlineData(Language.German)]
    [InlineData(Language.Spanish)]
    [InlineData(Language.Vietnamese)]
    public void It_is_right_on_held_out_sentences(Language language)
    {
        var (sampler, rng) = (new MeaningSampler(Corpora.Grammar), new Rng(77));
        var texts = Enumerable.Range(0, 500).Select(_ => Corpora.Grammar.Realize(sampler.Sentence(rng, Split.Test), language)).ToList();
        var wrong = texts.Where(t => Corpora.Guesser.Guess(t) != language).ToList();
        Assert.True(wrong.Count <= 1, $"{wrong.Count} of 500 wrong, such as: {wrong.FirstOrDefault()}");
    }

    [Fact]
    public void A_sentence_that_begins_in_one_language_is_of_the_one_that_knows_most_of_it() =>
        Assert.Equal(Language.German, Corpora.Guesser.Guess("The Hund schläft unter dem Tisch."));

    [Theory]
    [InlineData("")]
    [InlineData("… !")]
    [InlineData("Xqz wvut blorp")]
    public void What_no_language_knows_is_in_none(string text) => Assert.Null(Corpora.Guesser.Guess(text));

    [Fact]
    public void The_share_of_known_words_is_counted() =>
        Assert.Equal(0.75, Corpora.Guesser.Known("The dog sees blorp.", Language.English), 1e-12);
}
