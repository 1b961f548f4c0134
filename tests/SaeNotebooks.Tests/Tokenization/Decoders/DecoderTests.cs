using SaeNotebooks.Tokenization;
using SaeNotebooks.Tokenization.Decoders;
using SaeNotebooks.Tokenization.Patterns;

namespace SaeNotebooks.Tests.Tokenization.Decoders;

public class DecoderTests
{
    [Fact]
    public void BytesInARowBecomeCharacters()
    {
        var decoder = new ByteFallbackDecoder();
        Assert.Equal(["a", "ệ", "b"], decoder.Decode(["a", "<0xE1>", "<0xBB>", "<0x87>", "b"]));
        Assert.Equal(["\uFFFD\uFFFD", "b", "\uFFFD"], decoder.Decode(["<0xE1>", "<0xBB>", "b", "<0x87>"]));
        Assert.Equal(["<0x1>", "<0xGG>", "<0x+1>"], decoder.Decode(["<0x1>", "<0xGG>", "<0x+1>"]));
    }

    [Fact]
    public void BytesThatAreNoCharacterShowAsHexadecimalNumbersUntilTheyLieTogether()
    {
        Assert.Equal("ư‹E1›", TokenText.Of([0xC6, 0xB0, 0xE1]));
        Assert.Equal("‹9F›a", TokenText.Of([0x9F, (byte)'a']));
        Assert.Equal("cầu ‹E1›|‹BA› ‹85›‹12›", TokenText.Whole("c‹E1›‹BA›‹A7›u ‹E1›|‹BA› ‹85›‹12›"));
    }

    [Fact]
    public void StrippingStopsAtTheFirstOtherCharacter()
    {
        Assert.Equal([" a  ", "b", ""], new StripDecoder(' ', 1, 0).Decode(["  a  ", "b", " "]));
        Assert.Equal(["a ", ""], new StripDecoder(' ', 5, 1).Decode(["  a  ", "  "]));
    }

    [Fact]
    public void MarksOfTheFirstTokenFallAway()
    {
        Assert.Equal(["Hey", " you"], new MetaspaceDecoder("▁", wasPrepended: true).Decode(["▁Hey", "▁you"]));
        Assert.Equal([" Hey", " you"], new MetaspaceDecoder("▁", wasPrepended: false).Decode(["▁Hey", "▁you"]));
    }

    [Fact]
    public void StepsFollowEachOther() =>
        Assert.Equal(["Hey you"], new DecoderSequence(new ReplaceDecoder(new LiteralPattern("▁"), " "), new FuseDecoder(), new StripDecoder(' ', 1, 0))
            .Decode(["▁Hey", "▁you"]));

    [Fact]
    public void TokensOutsideTheByteAlphabetAreText() =>
        Assert.Equal(["é ‹7›é"], new ByteLevelDecoder().Decode(["Ã", "©", " ", "‹7›", "Ã©"]));
}
