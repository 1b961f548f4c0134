using SaeNotebooks.Translation.Measures.EditRate;
using SaeNotebooks.Translation.Measures.Tokenizers;

namespace SaeNotebooks.Translation.Tests.Measures;

/// <summary>Values of sacreBLEU's own tests (https://github.com/mjpost/sacrebleu, test/test_ter.py and test/test_tokenizer_ter.py), and brute force.</summary>
public class TranslationEditRateTests
{
    [Theory]
    [InlineData("aaaa bbbb cccc dddd", "aaaa bbbb cccc dddd", 0)]
    [InlineData("dddd eeee ffff", "aaaa bbbb cccc", 100)]
    [InlineData("", "a", 100)]
    [InlineData("d e f g h a b c", "a b c d e f g h", 100 / 8.0)]
    public void Rates_are_sacreBLEUs(string hypothesis, string reference, double expected) =>
        Assert.Equal(expected, TranslationEditRate.Default.Sentence(hypothesis, reference), 1e-3);

    [Theory]
    [InlineData("A B C D.", "a b c d.", "")]
    [InlineData("A ; B ) C : D.", "a b c d", "nopunct")]
    [InlineData("a b (c) d.", "a b ( c ) d .", "norm")]
    [InlineData("Jim's car.", "jim 's car .", "norm")]
    [InlineData("4.2", "4.2", "norm")]
    [InlineData("美众院公布对特", "美 众 院 公 布 对 特", "norm asian")]
    [InlineData("りの拳銃を持", "りの 拳 銃 を 持", "norm asian")]
    public void Words_are_sacreBLEUs(string text, string words, string settings) =>
        Assert.Equal(words, string.Join(' ', new TercomTokenizer(settings.Contains("norm"), settings.Contains("nopunct"), settings.Contains("asian"), false).Tokenize(text)));

    [Fact]
    public void Signatures_are_sacreBLEUs() =>
        Assert.Equal("nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:2.0.0", TranslationEditRate.Default.Signature());

    [Fact]
    public void A_matrix_that_is_changed_is_the_matrix_of_the_other_output()
    {
        var random = new Random(5);
        string[] Words(int count) => [.. Enumerable.Range(0, count).Select(_ => "abcd"[random.Next(4)].ToString())];
        for (var i = 0; i < 200; i++)
        {
            var (length, reference) = (random.Next(0, 12), Words(random.Next(1, 12)));
            var matrix = new EditMatrix(Words(length), reference);
            foreach (var other in Enumerable.Range(0, 3).Select(_ => Words(length)))
            {
                matrix.Change(other);
                Assert.Equal(Distance(other, reference), matrix.Distance);
                Assert.Equal(matrix.Distance, matrix.Trace().Count(o => o != EditOperation.Keep));
            }
        }
    }

    // By definition, without a table.
    private static int Distance(ReadOnlySpan<string> a, ReadOnlySpan<string> b) => a.IsEmpty ? b.Length : b.IsEmpty ? a.Length
        : a[0] == b[0] ? Distance(a[1..], b[1..])
        : 1 + Math.Min(Distance(a[1..], b[1..]), Math.Min(Distance(a[1..], b), Distance(a, b[1..])));
}
