using System.Globalization;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Tests.Goldens;
using SaeNotebooks.Tokenization;
using SaeNotebooks.Tokenization.Formats;
using SaeNotebooks.Tokenization.Normalizers;

namespace SaeNotebooks.Tests.Tokenization.Normalizers;

public sealed class CharacterMapTests
{
    private static readonly string Folder = Golden.PathOf("sentencepiece_unigram");

    private static byte[] Compiled { get; } = SentencePieceProto.Parse(File.ReadAllBytes(Path.Combine(Folder, "unigram.model")), "unigram.model").CharacterMap;

    /// <summary>The rules from which SentencePiece compiled the table: code points and code points.</summary>
    private static List<(string Key, string Replacement)> Rules { get; } =
        [.. File.ReadLines(Path.Combine(Folder, "rules.tsv")).Select(line => line.Split('\t')).Select(r => (Text(r[0]), Text(r[1])))];

    private static string Text(string codePoints) => string.Concat(codePoints.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(hex => char.ConvertFromUtf32(int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));

    [Fact]
    public void TheLongestRuleIsAppliedAndTheRestStays()
    {
        var normalizer = new CharacterMapNormalizer(new CharacterMap(Compiled, "unigram.model"));
        var random = new Random(1);
        string[] parts = [.. Rules.Select(r => r.Key), "e", "x", "é", "🧠", "漢"];
        for (var trial = 0; trial < 200; trial++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
            var normalized = normalizer.Normalize(AlignedText.Of(text, withOrigins: true));
            Assert.Equal(Slow(text), normalized.Text);
            Assert.Equal(normalized.Text.Length, normalized.Origins!.Length);
        }
        Assert.Equal("ガカ", normalizer.Normalize(AlignedText.Of("ｶﾞｶ", withOrigins: false)).Text);
        Assert.Equal([(0, 2), (2, 3)], normalizer.Normalize(AlignedText.Of("e\u0301x", withOrigins: true)).Origins!);
    }

    private static string Slow(string text)
    {
        var result = "";
        while (text.Length > 0)
        {
            var rule = Rules.Where(r => text.StartsWith(r.Key, StringComparison.Ordinal)).OrderByDescending(r => r.Key.Length).FirstOrDefault((text[..1], text[..1]));
            (result, text) = (result + rule.Item2, text[rule.Item1.Length..]);
        }
        return result;
    }

    [Fact]
    public void ADamagedTableIsRefused()
    {
        foreach (var damaged in new[] { Compiled[..2], Compiled[..20], Compiled[..^1], [0, 0, 0, 0, 0] })
            Assert.Contains("precompiled_charsmap", Assert.Throws<CheckpointException>(() => new CharacterMap(damaged, "file")).Message);
    }

    [Theory]
    [InlineData("  a  b ", "a b")]
    [InlineData("   ", "")]
    [InlineData("", "")]
    [InlineData("a b ▁", "a b")]
    [InlineData("▁ a", "▁ a")]
    public void ExtraSpacesGo(string text, string expected) => Assert.Equal(expected, new ExtraSpacesNormalizer('▁').Normalize(AlignedText.Of(text, withOrigins: true)).Text);
}
