using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Tests.Measures;

public class RepetitionTests
{
    [Theory]
    [InlineData("", 4, 0)]
    [InlineData("one two three", 4, 0)] // no 4-gram
    [InlineData("one two three four", 4, 0)]
    [InlineData("la la la la la la", 4, 2 / 3.0)] // one of three
    [InlineData("The dog sees the dog. The dog sees!", 2, 3 / 7.0)] // the dog, dog sees, sees the, dog the are distinct
    [InlineData("猫は猫は猫", 2, 0.5)] // 猫は, は猫
    public void It_is_the_share_of_ngrams_that_were_there_before(string text, int order, double expected) => Assert.Equal(expected, Repetition.Of(text, order), 1e-12);

    [Fact]
    public void Of_a_corpus_it_is_the_mean() => Assert.Equal((2 / 3.0 + 0) / 2, Repetition.Corpus(["la la la la la la", "so"]), 1e-12);
}
