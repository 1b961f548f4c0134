using SaeNotebooks.Checkpoints;
using SaeNotebooks.Tests.Tokenization;
using SaeNotebooks.Translation.Measures;
using SaeNotebooks.Translation.Measures.Tokenizers;
using Piece = SaeNotebooks.Tests.Tokenization.LlamaLikeSamples.SamplePiece;

namespace SaeNotebooks.Translation.Tests.Measures;

public sealed class SentencePieceTokenizerTests : IDisposable
{
    private const double Unknown = -20; // below that of the rarest piece by SentencePiece's penalty

    private static readonly List<Piece> Pieces =
    [
        new("<unk>", 0, 2), new("<s>", 0, 3), new("</s>", 0, 3), new("▁", -3), .. "abcdet.".Select((c, i) => new Piece($"{c}", -4 - 0.1f * i)),
        new("▁a", -3.5f), new("▁the", -4.2f), new("cat", -6), new("ca", -4.05f), new("at", -4.11f), new("bed", -5.9f), new("be", -5.01f), new("ted", -10),
    ];

    private readonly string _file = Path.GetTempFileName();

    public SentencePieceTokenizerTests() => File.WriteAllBytes(_file, LlamaLikeSamples.SentencePiece(Pieces, type: 1, removesSpaces: true, bytes: false));

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("the cat")]
    [InlineData("a  bed. ")]
    [InlineData("tabcatted the")]
    [InlineData("abc 猫 x bed")]
    public void Tokens_are_the_pieces_of_the_likeliest_division(string segment)
    {
        var tokens = SegmentTokenizer.Flores200(_file).Tokenize(segment);
        var text = "▁" + string.Join('▁', segment.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(text, string.Concat(tokens));
        Assert.Equal(Best(text, []), tokens.Sum(Score), 1e-4);
        Assert.Equal(segment.Contains("猫", StringComparison.Ordinal), tokens.Contains("猫"));
    }

    [Fact]
    public void BLEU_counts_pieces_and_signs_as_sacreBLEU_does()
    {
        var bleu = new Bleu { Tokenizer = SegmentTokenizer.Flores200(_file) };
        Assert.Equal("nrefs:1|case:mixed|eff:no|tok:flores200|smooth:exp|version:2.0.0", bleu.Signature());
        var score = bleu.Corpus(["the bed"], ["the cat"]); // ▁the ▁ bed against ▁the ▁ cat, or c at, by the scores above
        Assert.Equal((3, 2), (score.HypothesisLength, score.Matches[0]));
    }

    [Fact]
    public void Without_its_model_it_says_what_to_name()
    {
        var before = Environment.GetEnvironmentVariable(SegmentTokenizer.Flores200Variable);
        try
        {
            Environment.SetEnvironmentVariable(SegmentTokenizer.Flores200Variable, null);
            Assert.Contains($"name the file in {SegmentTokenizer.Flores200Variable}", Assert.Throws<ArgumentException>(() => SegmentTokenizer.Named("flores200")).Message);
            Environment.SetEnvironmentVariable(SegmentTokenizer.Flores200Variable, _file);
            Assert.Equal("flores200", SegmentTokenizer.Named("flores200").Name);
        }
        finally { Environment.SetEnvironmentVariable(SegmentTokenizer.Flores200Variable, before); }
        File.WriteAllText(_file, "{}");
        Assert.Contains("is no SentencePiece model", Assert.Throws<CheckpointException>(() => SegmentTokenizer.Flores200(_file)).Message);
        Assert.Throws<CheckpointException>(() => SegmentTokenizer.Flores200(_file + ".none"));
    }

    /// <summary>The largest sum of scores over all divisions, by trying them all.</summary>
    private static double Best(string text, Dictionary<string, double> known)
    {
        if (text.Length == 0) return 0;
        if (known.TryGetValue(text, out var best)) return best;
        return known[text] = Enumerable.Range(1, text.Length).Where(n => n == 1 || Pieces.Any(p => p.Type == 1 && p.Text == text[..n])).Max(n => Score(text[..n]) + Best(text[n..], known));
    }

    private static double Score(string piece) => Pieces.FirstOrDefault(p => p.Type == 1 && p.Text == piece) is { Text: not null } known ? known.Score : Unknown;
}
