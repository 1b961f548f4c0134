using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tests.Tasks;

namespace SaeNotebooks.Training.Tests.Corpus;

public class StoryTests
{
    private static readonly MeaningSampler Sampler = new(Corpora.Grammar);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(8)]
    public void A_story_has_the_length_that_was_asked_for(int sentences)
    {
        var rng = new Rng(1);
        for (var i = 0; i < 200; i++)
            Assert.Equal(sentences, Sampler.Story(rng, sentences).Count);
    }

    [Fact]
    public void Lengths_that_no_plot_has_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Sampler.Story(new Rng(1), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sampler.Story(new Rng(1), 99));
    }

    [Fact]
    public void A_story_keeps_its_tense_and_names_its_protagonist_before_any_pronoun()
    {
        var rng = new Rng(2);
        for (var i = 0; i < 300; i++)
        {
            var story = Sampler.Story(rng);
            Assert.Single(story.Select(meaning => meaning.Main.Tense).Distinct());
            Assert.False(story[0].Main.Subject.IsPronoun);
            Assert.NotNull(story[0].Main.Time);
        }
    }

    /// <summary>he and she are people of the story, and it is the thing of the sentence before.</summary>
    [Fact]
    public void Pronouns_refer_to_something_mentioned_just_before()
    {
        var rng = new Rng(3);
        for (var i = 0; i < 300; i++)
        {
            var story = Sampler.Story(rng);
            for (var s = 1; s < story.Count; s++)
                if (story[s].Main.Subject is { IsPronoun: true, Noun: { } antecedent })
                    Assert.Contains(story[s - 1].Main.Phrases(), phrase => phrase.Noun == antecedent);
        }
    }

    /// <summary>A thing is new once: its later mentions are definite.</summary>
    [Fact]
    public void Things_are_introduced_before_they_are_known()
    {
        var rng = new Rng(4);
        for (var i = 0; i < 300; i++)
        {
            var mentions = Sampler.Story(rng).SelectMany(meaning => meaning.Main.Phrases())
                .Where(phrase => phrase is { IsCommon: true, Noun.IsPerson: false } && phrase.Class is not ("place" or "building"));
            foreach (var thing in mentions.GroupBy(phrase => phrase.Noun))
                Assert.DoesNotContain(thing.Skip(1), phrase => phrase.Determiner == Determiner.Indefinite);
        }
    }

    [Fact]
    public void Training_stories_show_nothing_held_out()
    {
        var rng = new Rng(5);
        for (var i = 0; i < 200; i++)
            Assert.DoesNotContain(Sampler.Story(rng), HeldOut.IsTest);
        Assert.Contains(Sampler.Story(rng, split: Split.Test), HeldOut.IsTest);
    }
}
