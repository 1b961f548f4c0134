using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Tokenization;
using SaeNotebooks.Tokenization.Formats;
using static SaeNotebooks.Tests.Tokenization.LlamaLikeSamples;

namespace SaeNotebooks.Tests.Tokenization.Formats;

public class TiktokenFormatTests
{
    private const string Pattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static byte[] File(IEnumerable<(string Text, int Rank)> ranks) =>
        Encoding.ASCII.GetBytes(string.Concat(ranks.Select(r => $"{Convert.ToBase64String(ByteAlphabet.Decode(r.Text)!)} {r.Rank}\n")));

    private static int Id(string text) => Ranks().FindIndex(r => r.Text == text);

    private static readonly PipelineTokenizer Tokenizer = new(TiktokenParts());

    [Fact]
    public void RanksMergeWithinThePiecesOfThePattern()
    {
        Assert.Equal([Id("Ġab"), Id("1"), Id("2"), Id("3"), Id("4"), Id("'s")], Tokenizer.Encode(" ab1234's", bos: false));
        Assert.Equal([Id("abab"), Id("a")], Tokenizer.Encode("ababa", bos: false));
        Assert.Equal([Id("user"), Id("s")], Tokenizer.Encode("users", bos: false)); // "us" and "er" are tokens
        Assert.Equal([Id("x"), Id("y"), Id("z"), Id("s")], Tokenizer.Encode("xyzs", bos: false)); // neither "xy" nor "yz" is one
        Assert.Equal([Id("xyz")], Tokenizer.Encode("xyz", bos: false)); // but a whole piece need not be merged
    }

    [Fact]
    public void SpecialTokensFollowTheRanks()
    {
        var first = Ranks().Count;
        Assert.Equal((first, true, first + 256), (Tokenizer.Bos!.Value, Tokenizer.AddsBos, Tokenizer.VocabSize));
        Assert.Equal([first, Id("ab"), first + 9], Tokenizer.Encode("ab<|eot_id|>"));
        Assert.Equal("<|eot_id|>", Tokenizer.Decode(Tokenizer.Encode("<|eot_id|>", bos: false, special: false)));
        Assert.DoesNotContain(first + 9, Tokenizer.Encode("<|eot_id|>", bos: false, special: false));
        Assert.Equal((first + 2, first + 12, first + 255),
            (Tokenizer.SpecialTokens["<|reserved_special_token_0|>"], Tokenizer.SpecialTokens["<|reserved_special_token_2|>"], Tokenizer.SpecialTokens["<|reserved_special_token_245|>"]));
    }

    [Fact]
    public void MicrosoftsTiktokenGivesTheSameIds()
    {
        using var file = new MemoryStream(File(Ranks()));
        var theirs = TiktokenTokenizer.Create(file, new RegexPreTokenizer(new Regex(Pattern), null), null);
        var random = new Random(6);
        string[] parts = ["a", "b", "ab", "user", "er", " ", "\n", "12", "'s", "é", "中", "!", "\t", "'S"];
        for (var i = 0; i < 300; i++)
        {
            var text = SlowMerges.RandomText(parts, random.Next(1, 40), random);
            Assert.Equal(theirs.EncodeToIds(text), Tokenizer.Encode(text, bos: false));
            Assert.Equal(text, Tokenizer.Decode(Tokenizer.Encode(text, bos: false)));
            Spans.AssertCover(Tokenizer, text);
        }
    }

    [Fact]
    public void AMegabyteWithoutSpacesIsEncoded()
    {
        const int repeats = 1 << 19;
        Assert.True(Enumerable.Repeat(Id("abab"), repeats / 2).SequenceEqual(Tokenizer.Encode(string.Concat(Enumerable.Repeat("ab", repeats)), bos: false)));
        foreach (var unit in new[] { " ", "!", "1", "中", "\n", "\uD835\uDD18" })
        {
            var text = string.Concat(Enumerable.Repeat(unit, repeats / 4));
            Assert.True(text == Tokenizer.Decode(Tokenizer.Encode(text, bos: false)));
        }
    }

    [Fact]
    public void LinesAreReadWithAnyLineEnding()
    {
        var content = File(Ranks());
        Assert.Equal(Ranks(), TiktokenFormat.ReadRanks(content, "file"));
        Assert.Equal(Ranks(), TiktokenFormat.ReadRanks(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(content).Replace("\n", "\r\n")), "file"));
    }

    [Theory]
    [InlineData("YQ== 0\nYg== x\n", "line 2 is not a token in base 64 and its rank")]
    [InlineData("YQ== 0\nYg==1\n", "line 2 is not a token in base 64 and its rank")]
    [InlineData("YQ== 0\n?? 1\n", "line 2 is not a token in base 64 and its rank")]
    [InlineData("YQ== 0\nYg== 1\n", "has 2 tiktoken ranks; supported are Llama 3's, 128000")]
    public void WhatIsNotUnderstoodIsRefused(string content, string problem) =>
        Assert.Contains(problem, Assert.Throws<CheckpointException>(() => new TiktokenFormat().Read(Encoding.ASCII.GetBytes(content), "file")).Message);

    [Fact]
    public void FormatsAreToldApartByContent()
    {
        Assert.IsType<TiktokenFormat>(TokenizerFormats.Of(File(Ranks()), "file"));
        Assert.IsType<SentencePieceFormat>(TokenizerFormats.Of(SentencePiece(Pieces("ab")), "file"));
        Assert.IsType<HuggingFaceFormat>(TokenizerFormats.Of(" \n{}"u8, "file"));
        foreach (var other in new[] { "", "hello", "[1]", "version https://git-lfs.github.com/spec/v1" })
            Assert.Contains("is no tokenizer; expected a tokenizer.json, or a SentencePiece model, or tiktoken's ranks",
                Assert.Throws<CheckpointException>(() => TokenizerFormats.Of(Encoding.ASCII.GetBytes(other), "file")).Message);
    }
}
