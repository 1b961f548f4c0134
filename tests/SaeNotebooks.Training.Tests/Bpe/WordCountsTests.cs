using SaeNotebooks.Training.Bpe;

namespace SaeNotebooks.Training.Tests.Bpe;

public class WordCountsTests
{
    [Theory]
    [InlineData("The dog sleeps.", "The| dog| sleeps|.")]
    [InlineData("l'enfant a 12 ans !", "l|'|enfant| a| 12| ans| !")]
    [InlineData("Wie bitte?\nNein.", "Wie| bitte|?|\n|Nein|.")]
    [InlineData("\n\n", "\n|\n")]
    [InlineData("a  b \n", "a| | b| |\n")]
    [InlineData("(French): «oui»…", "(|French|)|:| «|oui|»|…")]
    [InlineData("3 + 4 == 7", "3| +| 4| ==| 7")]
    [InlineData("quyển sách", "quyển| sách")]
    public void Words_keep_the_space_before_them(string text, string words) =>
        Assert.Equal(words.Split('|'), WordCounts.WordRegex().Matches(text).Select(m => m.Value));

    [Fact]
    public void No_character_is_lost()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var text = SampleText.AnyUnicode(seed, 200);
            Assert.Equal(text, string.Concat(WordCounts.WordRegex().Matches(text).Select(m => m.Value)));
        }
    }

    [Fact]
    public void Counts_add_up_over_documents()
    {
        var words = new WordCounts();
        words.Add("a dog and a dog");
        words.Add("a dog");
        Assert.Equal(3, words.Counts[" dog"]);
        Assert.Equal(2, words.Counts["a"]);
    }
}
