using SaeNotebooks.Tokenization;

namespace SaeNotebooks.Tests.Tokenization;

public class AddedTokensTests
{
    private static string Split(AddedTokens tokens, string text, bool special = true) =>
        string.Join('|', tokens.Split(text, special).Select(p => (p.Token is null ? "" : $"{p.Token.Id}:") + text.Substring(p.Start, p.Length)));

    [Fact]
    public void TheLeftmostIsTakenAndOfThoseTheLongest()
    {
        var tokens = new AddedTokens([new(1, "ab"), new(2, "abc"), new(3, "bcd")]);
        Assert.Equal("x|2:abc|d|1:ab|3:bcd", Split(tokens, "xabcdabbcd"));
        Assert.Equal("", Split(tokens, ""));
        Assert.Equal("none", Split(new AddedTokens([]), "none"));
    }

    [Fact]
    public void WhiteSpaceIsTakenWhereTheTokenSaysSo()
    {
        var tokens = new AddedTokens([new(1, "<l>") { StripsLeft = true }, new(2, "<r>") { StripsRight = true }]);
        Assert.Equal("a|1: \n<l>| b", Split(tokens, "a \n<l> b"));
        Assert.Equal("a |2:<r> \n|b", Split(tokens, "a <r> \nb"));
        Assert.Equal("2:<r>  |1:<l>", Split(tokens, "<r>  <l>")); // taken once
    }

    [Fact]
    public void ASingleWordTouchesNoOther()
    {
        var tokens = new AddedTokens([new(1, "the") { IsSingleWord = true }]);
        Assert.Equal("1:the| other, |1:the|!", Split(tokens, "the other, the!"));
        Assert.Equal("_the 𝔘the the\u0301", Split(tokens, "_the 𝔘the the\u0301"));
    }

    [Fact]
    public void SpecialTokensAreTextIfSoAsked()
    {
        var tokens = new AddedTokens([new(1, "<eos>") { IsSpecial = true }, new(2, "  ")]);
        Assert.Equal("a|1:<eos>|2:  |b", Split(tokens, "a<eos>  b"));
        Assert.Equal("a<eos>|2:  |b", Split(tokens, "a<eos>  b", special: false));
    }

    [Fact]
    public void ThousandsOfTokensAreSoughtInAMegabyteAtOnce()
    {
        var tokens = new AddedTokens(Enumerable.Range(0, 6000).Select(i => new AddedToken(i, $"<unused{i}>")));
        var text = new string('<', 1 << 20) + "<unused12>";
        var parts = tokens.Split(text, special: true).ToList();
        Assert.Equal([(1 << 20, null), (10, 12)], parts.Select(p => (p.Length, p.Token?.Id)));
    }
}
