using SaeNotebooks.Checkpoints;
using SaeNotebooks.Tests.Tokenization;
using SaeNotebooks.Translation.Measures.Comet;

namespace SaeNotebooks.Translation.Tests.Measures.Comet;

public sealed class CometModelTests : IDisposable
{
    private static readonly string[] Sources = ["a cat", "the bed", "a", "the cat at the bed a a a", "x"],
        Translations = ["the cat", "", "zz ca ted", "bed cat. at", "  the   bed "], References = ["a cat.", "bed", "ted abc", "the cat", "the bed ca"];

    private readonly string _folder = Directory.CreateTempSubdirectory("comet").FullName;
    private readonly CometSample _sample = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private CometModel Open(byte[] model, byte[]? tokenizer = null)
    {
        File.WriteAllBytes(Path.Combine(_folder, "model.onnx"), model);
        File.WriteAllBytes(Path.Combine(_folder, "sentencepiece.bpe.model"), tokenizer ?? CometSample.Tokenizer);
        return CometModel.Open(_folder);
    }

    private void AssertScores(CometModel model, int batch = 16)
    {
        var scores = model.Score(Sources, Translations, References, batch, TestContext.Current.CancellationToken);
        Assert.Equal(Sources.Length, scores.Count);
        foreach (var (i, segment) in scores.Index())
        {
            Assert.Equal(_sample.Score(Sources[i], Translations[i], References[i]), segment.Score, 1e-5);
            Assert.False(segment.IsTruncated);
        }
        Assert.True(scores.Select(s => s.Score).Distinct().Count() == Sources.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public void ScoresAreThoseOfTheModelWhateverTheBatch(int batch)
    {
        using var model = Open(_sample.Model<long>());
        AssertScores(model, batch);
        Assert.Empty(model.Score([], [], [], batch, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void ExportsMayDifferInNamesNumbersAndBounds()
    {
        using (var model = Open(_sample.Model<int>())) AssertScores(model);
        using (var model = Open(_sample.Model<long>(names: part => ($"input_ids.{part}", $"mask.{part}"), output: "logits"))) AssertScores(model);
        using (var model = Open(_sample.Model<long>(batch: 2, tokens: 40))) AssertScores(model);
        using (var model = Open(_sample.Model<long>(batch: 1))) AssertScores(model);
    }

    [Fact]
    public void WhatIsLongerThanTheModelReadsIsCutOffAndSaid()
    {
        var @long = string.Concat(Enumerable.Repeat("a ", 600));
        using (var model = Open(_sample.Model<long>()))
        {
            var scores = model.Score(["a", "a"], ["the cat", @long], ["a bed", "a bed"], cancellation: TestContext.Current.CancellationToken);
            Assert.Equal([false, true], scores.Select(s => s.IsTruncated));
            Assert.Equal(_sample.Score("a", @long, "a bed"), scores[1].Score, 1e-5);
        }
        using (var model = Open(_sample.Model<long>(tokens: 5)))
        {
            var score = Assert.Single(model.Score(["a"], ["the cat at the bed"], ["a bed"], cancellation: TestContext.Current.CancellationToken));
            Assert.True(score.IsTruncated);
            Assert.Equal(_sample.Score("a", "the cat at the bed", "a bed", limit: 5), score.Score, 1e-5);
        }
    }

    [Fact]
    public void IdsAreThoseOfXlmRoberta()
    {
        File.WriteAllBytes(Path.Combine(_folder, "sentencepiece.bpe.model"), CometSample.Tokenizer);
        var tokens = new XlmRobertaTokens(Path.Combine(_folder, "sentencepiece.bpe.model"));
        foreach (var text in Sources.Concat(Translations).Concat(References).Append("🧠x catbed teda </s>"))
            Assert.Equal(CometSample.Ids(text), tokens.Encode(text, 512).Ids.Select(id => (int)id));
        Assert.Equal([0, 4, 3, 2], tokens.Encode("🧠x", 512).Ids); // <s>, ▁, the unknown as one, </s>
    }

    [Fact]
    public void AnotherModelIsRefusedByWhatItHas()
    {
        void Refused(byte[] model, string problem, byte[]? tokenizer = null)
        {
            var message = Assert.Throws<CheckpointException>(() => Open(model, tokenizer).Dispose()).Message;
            Assert.Contains(problem, message);
            Assert.DoesNotContain('\n', message);
        }
        Refused(_sample.Model<long>(names: part => part == "ref" ? ("labels", "ref_mask") : ($"{part}_ids", $"{part}_mask")),
            "has the inputs src_ids Int64[?, ?], src_mask Int64[?, ?], mt_ids Int64[?, ?], mt_mask Int64[?, ?], labels Int64[?, ?], ref_mask Int64[?, ?] and the outputs score");
        Refused(_sample.Model<float>(names: part => ($"{part}_other_ids", $"{part}_mask"))[..^20], "cannot be opened by ONNX Runtime");
        Refused("no model"u8.ToArray(), "cannot be opened by ONNX Runtime");
        Refused(_sample.Model<long>(), "has the special tokens <unk> = 0, <s> = 1, </s> = 2, <turn> = 3; XLM-R's has", LlamaLikeSamples.SentencePiece(
            [new("<unk>", 0, 2), new("<s>", 0, 3), new("</s>", 0, 3), new("<turn>", 0, 3), new("a", -1)], type: 1, bytes: false));
        File.Delete(Path.Combine(_folder, "sentencepiece.bpe.model"));
        Assert.Contains("sentencepiece.bpe.model: is not there", Assert.Throws<CheckpointException>(() => CometModel.Open(_folder)).Message);
    }

    [Fact]
    public void NoScoreIsMadeUp()
    {
        void Fails(byte[] bytes, string problem)
        {
            using var model = Open(bytes);
            var message = Assert.Throws<CheckpointException>(() => model.Score(Sources, Translations, References, cancellation: TestContext.Current.CancellationToken)).Message;
            Assert.Contains(problem, message);
            Assert.DoesNotContain('\n', message);
        }
        Fails(_sample.Model<long>(vocabulary: 8), "fails in ONNX Runtime"); // ids beyond its embeddings
        _sample.Weights[0] = float.NaN;
        Fails(_sample.Model<long>(), "'score': has a score that is no finite number");
    }

    [Fact]
    public void ScoringIsCancelledAndListsMustMatch()
    {
        using var model = Open(_sample.Model<long>());
        Assert.Throws<OperationCanceledException>(() => model.Score(Sources, Translations, References, 1, new CancellationToken(canceled: true)));
        Assert.Contains("1 sources, 2 translations", Assert.Throws<ArgumentException>(() => model.Score(["a"], ["a", "b"], ["a", "b"])).Message);
    }
}
