using SaeNotebooks.Checkpoints;
using SaeNotebooks.Tokenization;
using SaeNotebooks.Tokenization.Formats;
using static SaeNotebooks.Tests.Tokenization.LlamaLikeSamples;

namespace SaeNotebooks.Tests.Tokenization.Formats;

public class SentencePieceFormatTests
{
    private static readonly string[] Merged = ["ab", "▁a", "▁ab", "cab", "bc", "abab"];

    private static PipelineTokenizer Read(byte[] content) => new(new SentencePieceFormat().Read(content, "tokenizer.model"));

    private static List<int> Ids(params string[] pieces) => [.. pieces.Select(text => Pieces(Merged).FindIndex(p => p.Text == text))];

    [Fact]
    public void ASpaceIsPutBeforeAndTheBestScoreMergesFirst()
    {
        var tokenizer = Read(SentencePiece(Pieces(Merged)));
        Assert.Equal(Ids("▁ab", "c"), tokenizer.Encode("abc", bos: false)); // "ab" before "bc" and "▁a"
        Assert.Equal(Ids("▁a", "▁", "cab", "ab"), tokenizer.Encode("a cabab", bos: false)); // and "cab" before "abab"
        Assert.Equal(Ids("<s>", "▁", "é"), tokenizer.Encode("é"));
        Assert.Empty(tokenizer.Encode("", bos: false));
        Assert.Equal((1, true, Pieces(Merged).Count), (tokenizer.Bos!.Value, tokenizer.AddsBos, tokenizer.VocabSize));
    }

    [Fact]
    public void IdsAreThoseOfTheReadableTwin()
    {
        string[] alphabet = ["▁", "a", "b", "c", "é"];
        var random = new Random(5);
        for (var round = 0; round < 20; round++)
        {
            var pieces = Pieces([.. SlowMerges.RandomMerges(alphabet, 40, random).Select(m => m.Left + m.Right).Where(t => t != "▁▁")]);
            var scores = pieces.Where(p => p.Type == 1).ToDictionary(p => p.Text, p => p.Score);
            var ranks = scores.OrderByDescending(s => s.Value).Select((s, rank) => (s.Key, rank)).ToDictionary();
            var tokenizer = Read(SentencePiece(pieces));
            for (var i = 0; i < 30; i++)
            {
                var text = SlowMerges.RandomText(["a", "b", "c", "é", " a", " b"], random.Next(1, 30), random);
                var expected = SlowMerges.Merge(SlowMerges.Characters("▁" + text.Replace(' ', '▁')), (l, r) => ranks.TryGetValue(l + r, out var rank) ? rank : null);
                if (text[0] == ' ') continue; // "▁▁" is user-defined
                Assert.Equal(expected.Select(t => pieces.FindIndex(p => p.Text == t)), tokenizer.Encode(text, bos: false));
                Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, bos: false)));
                Spans.AssertCover(tokenizer, text);
            }
        }
    }

    [Fact]
    public void UserDefinedPiecesAreFoundInTheTextAndControlTokensAreNot()
    {
        var tokenizer = Read(SentencePiece(Pieces(Merged)));
        Assert.Equal(Ids("▁", "<turn>", "ab", "▁▁", "▁a"), tokenizer.Encode("<turn>ab   a", bos: false));
        var letters = tokenizer.Encode("<s>", bos: false);
        Assert.Equal(Ids("▁", "<0x3C>", "<0x73>", "<0x3E>"), letters);
        Assert.Equal(["<unk>", "<s>", "</s>"], tokenizer.SpecialTokens.Keys);
        Assert.Equal("<turn>ab   a", tokenizer.Decode(tokenizer.Encode("<turn>ab   a", bos: false)));
    }

    [Fact]
    public void BytesStandForUnknownCharacters()
    {
        var tokenizer = Read(SentencePiece(Pieces(Merged)));
        const string text = "a🧠\tb";
        var ids = tokenizer.Encode(text, bos: false);
        Assert.Equal(Ids("▁a", "<0xF0>", "<0x9F>", "<0xA7>", "<0xA0>", "<0x09>", "b"), ids);
        Assert.Equal(text, tokenizer.Decode(ids));
        Assert.Equal([(0, 1), (1, 3), (1, 3), (1, 3), (1, 3), (3, 4), (4, 5)], tokenizer.EncodeToSpans(text).Select(s => (s.Start, s.End)));
    }

    [Fact]
    public void TheSpaceBeforeATextIsTakenOffOnlyAtItsStart()
    {
        var tokenizer = Read(SentencePiece(Pieces(Merged)));
        var ids = Ids("▁ab", "▁a");
        Assert.Equal("ab a", tokenizer.Decode(ids));
        Assert.Equal(" ab a", tokenizer.Decode(ids, atStart: false));
        Assert.Equal(" a", tokenizer.TextOf(ids[1]));
        Assert.Equal("<s> ab", tokenizer.Decode([1, ids[0]])); // as HuggingFace's tokenizer of Llama
        Assert.Equal("ab", tokenizer.Decode([1, ids[0]], skipSpecial: true));
        var stream = new IncrementalDecoder(tokenizer);
        Assert.Equal([" ab", " a", "", "", "", "🧠"], ids.Concat(Ids("<0xF0>", "<0x9F>", "<0xA7>", "<0xA0>")).Select(stream.Next));
        Assert.Equal([(0, 0), (0, 1)], tokenizer.EncodeToSpans("é").Select(s => (s.Start, s.End)));
    }

    [Fact]
    public void WithoutASpaceBeforeNothingIsTakenOff()
    {
        var tokenizer = Read(SentencePiece(Pieces(Merged), addsSpace: false));
        Assert.Equal(Ids("ab", "▁a"), tokenizer.Encode("ab a", bos: false));
        Assert.Equal(" a", tokenizer.Decode(Ids("▁a")));
    }

    public static TheoryData<byte[], string> Refused => new()
    {
        { SentencePiece(Pieces(Merged), type: 1), "the fallback to bytes of a unigram model is not supported" },
        { SentencePiece([new("<unk>", 0, 2), new("a", 0), new("<b>", 0, 4)], type: 1, bytes: false), "a user-defined piece of a unigram model is not supported" },
        { SentencePiece([new("a", 0)], type: 1, bytes: false), "a unigram model has ordinary pieces and one for the unknown" },
        { SentencePiece(Pieces(Merged), type: 4), "the model type 4 is not supported" },
        { SentencePiece(Pieces(Merged), map: [1, 2]), "'precompiled_charsmap': is cut off" },
        { SentencePiece([.. Pieces(Merged), new("x", 0, 5)]), "the type Unused of the piece 'x' is not supported" },
        { SentencePiece([.. Pieces(Merged), new("x", 0, 9)]), "the type 9 of the piece 'x' is not supported" },
        { SentencePiece([.. Pieces(Merged), new("ab", 0)]), "'ab': is in the vocabulary twice" },
        { SentencePiece([]), "'vocab': is empty" },
        { SentencePiece(Pieces(Merged))[..^3], "is no whole SentencePiece model" },
        { [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], "is no whole SentencePiece model" },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void WhatIsNotUnderstoodIsRefused(byte[] content, string problem)
    {
        var error = Assert.Throws<CheckpointException>(() => new SentencePieceFormat().Read(content, "tokenizer.model"));
        Assert.Contains(problem, error.Message);
        Assert.Equal("tokenizer.model", error.File);
    }

    [Fact]
    public void AModelWithoutBosAddsNone()
    {
        var tokenizer = Read(SentencePiece(Pieces(Merged), bos: -1));
        Assert.Equal((null, false), (tokenizer.Bos, tokenizer.AddsBos));
        Assert.Contains("no beginning-of-sequence token", Assert.Throws<InvalidOperationException>(() => tokenizer.Encode("a", bos: true)).Message);
    }
}
