using SaeNotebooks.Tokenization;
using SaeNotebooks.Tokenization.Normalizers;

namespace SaeNotebooks.Tests.Tokenization;

public class NfcTests
{
    [Theory]
    [InlineData("plain ascii", "plain ascii")]
    [InlineData("Vie\u0302\u0323t", "Vi\u1EC7t")] // marks in the other order
    [InlineData("Vi\u00EA\u0323t", "Vi\u1EC7t")] // half composed
    [InlineData("\u212B", "\u00C5")] // the ångström sign is a singleton
    [InlineData("\u0958", "\u0915\u093C")] // excluded from composition
    [InlineData("\u1112\u1161\u11AB", "\uD55C")] // Hangul by arithmetic
    [InlineData("\uD558\u11AB", "\uD55C")]
    [InlineData("a\u0315\u0300\u05AE\u0062", "\u00E0\u05AE\u0315\u0062")] // from the conformance test's part 1
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\uFB1D", "\u05D9\u05B4")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    public void KnownCasesCompose(string text, string expected) => Assert.Equal(expected, Nfc.Normalize(text));

    [Fact]
    public void NormalisingTwiceIsNormalisingOnce()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, 8).Select(_ => (char)(random.Next(3) == 0 ? random.Next(0x300, 0x370)
                : random.Next(0x41, 0x250))));
            var once = Nfc.Normalize(text);
            Assert.Equal(once, Nfc.Normalize(once));
        }
    }

    [Fact]
    public void ComposedLettersPointBackAtAllTheirParts()
    {
        var normalized = new NfcNormalizer().Normalize(AlignedText.Of("Vie\u0323\u0302t!", withOrigins: true));
        Assert.Equal("Vi\u1EC7t!", normalized.Text);
        Assert.Equal([(0, 1), (1, 2), (2, 5), (5, 6), (6, 7)], normalized.Origins!);
    }

    [Fact]
    public void SegmentsNormaliseAsTheWholeDoes()
    {
        int[] marks = [0x300, 0x323, 0x31B, 0x1161, 0x11A8, 0x1100, 0xAC00, 0x9BE, 0x9C7, 0x344, 0xFB1D, 0x41, 0x65, 0x1D15E, 0x1D165, 0x212B];
        var random = new Random(2);
        for (var i = 0; i < 2000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, 12).Select(_ => char.ConvertFromUtf32(marks[random.Next(marks.Length)])));
            Assert.Equal(Nfc.Normalize(text), string.Concat(Nfc.Segments(text).Select(s => Nfc.Normalize(text.Substring(s.Start, s.Length)))));
        }
    }

    [Fact]
    public void HundredsOfThousandsOfMarksOnOneLetterAreSorted()
    {
        var marks = string.Concat(Enumerable.Repeat("\u0315\u0300", 200_000));
        var expected = "\u00E0" + new string('\u0300', 199_999) + new string('\u0315', 200_000);
        Assert.True(expected == Nfc.Normalize("a" + marks));
    }
}
