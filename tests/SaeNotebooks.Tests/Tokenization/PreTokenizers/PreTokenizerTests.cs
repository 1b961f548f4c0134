using SaeNotebooks.Tokenization;
using SaeNotebooks.Tokenization.Patterns;
using SaeNotebooks.Tokenization.PreTokenizers;

namespace SaeNotebooks.Tests.Tokenization.PreTokenizers;

public class PreTokenizerTests
{
    private static string[] Split(IPreTokenizer step, string text) => [.. step.Split(AlignedText.Of(text, withOrigins: false)).Select(p => p.Text)];

    // The documentation of HuggingFace's tokenizers splits this text at '-' to explain the behaviours.
    [Theory]
    [InlineData("Removed", false, "the|final|countdown")]
    [InlineData("Isolated", false, "the|-|final|-|-|countdown")]
    [InlineData("MergedWithPrevious", false, "the-|final-|-|countdown")]
    [InlineData("MergedWithNext", false, "the|-final|-|-countdown")]
    [InlineData("Contiguous", false, "the|-|final|--|countdown")]
    [InlineData("Removed", true, "-|-|-")]
    [InlineData("MergedWithNext", true, "the-|final-|-|countdown")]
    public void MatchesGoWhereTheBehaviourSays(string behavior, bool isInverted, string expected) =>
        Assert.Equal(expected.Split('|'), Split(new SplitPreTokenizer(new LiteralPattern("-"), Enum.Parse<SplitBehavior>(behavior), isInverted), "the-final--countdown"));

    [Fact]
    public void LettersBeyondTheFirstPlaneAreLettersToPatterns()
    {
        var step = new SplitPreTokenizer(new RegexPattern(@"\p{L}+"), SplitBehavior.Isolated);
        Assert.Equal(["𝔘𝔫x", "🧠🧠 ", "𝔦"], Split(step, "𝔘𝔫x🧠🧠 𝔦"));
    }

    [Fact]
    public void TheLongSIsAnSWithoutRegardToCase()
    {
        Assert.Equal(["it", "'ſ", "o"], Split(new SplitPreTokenizer(new RegexPattern(@"(?i:'s)|\p{L}+"), SplitBehavior.Isolated), "it'ſo"));
        Assert.Equal(["it", "'", "ſo"], Split(new SplitPreTokenizer(new RegexPattern(@"'s|\p{L}+"), SplitBehavior.Isolated), "it'ſo"));
    }

    [Theory]
    [InlineData("Always", true, "▁Hey|▁|▁you")]
    [InlineData("Always", false, "▁Hey▁▁you")]
    [InlineData("Never", true, "Hey|▁|▁you")]
    public void MetaspaceMarksSpaces(string scheme, bool splits, string expected) =>
        Assert.Equal(expected.Split('|'), Split(new MetaspacePreTokenizer("▁", Enum.Parse<PrependScheme>(scheme), splits), "Hey  you"));

    [Fact]
    public void MetaspacePutsItsMarkOnlyBeforeTheWholeTextIfSoAsked()
    {
        var first = new MetaspacePreTokenizer("▁", PrependScheme.First, splits: false);
        Assert.Equal(["▁you"], Split(first, "you"));
        Assert.Equal(["▁you"], Split(first, " you")); // there is one already
        Assert.Equal(["you"], first.Split(AlignedText.Of("Hey you", withOrigins: false).Slice(4, 3)).Select(p => p.Text));
    }

    [Fact]
    public void DigitsStandApart()
    {
        Assert.Equal(["a", "12", "b", "²٣"], Split(new DigitsPreTokenizer(areIndividual: false), "a12b²٣"));
        Assert.Equal(["a", "1", "2", "b", "²", "٣"], Split(new DigitsPreTokenizer(areIndividual: true), "a12b²٣"));
    }

    [Fact]
    public void BytesKnowTheirCharacters()
    {
        var step = new ByteLevelPreTokenizer(usesPattern: true, addsSpace: true);
        var pieces = step.Split(AlignedText.Of("é 😀", withOrigins: true)).ToList();
        Assert.Equal(["ĠÃ©", "ĠðŁĺĢ"], pieces.Select(p => p.Text));
        Assert.Equal([(0, 0), (0, 1), (0, 1)], pieces[0].Origins!);
        Assert.Equal([(1, 2), (2, 4), (2, 4), (2, 4), (2, 4)], pieces[1].Origins!);
        Assert.Equal(["ĠÃ©"], Split(step, " é"));
        Assert.Equal(["Ã©ĠÃ©"], Split(new ByteLevelPreTokenizer(usesPattern: false, addsSpace: false), "é é"));
    }
}
