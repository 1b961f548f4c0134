using Microsoft.ML.Tokenizers;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Tokenization;
using SaeNotebooks.Tokenization.Bpe;

namespace SaeNotebooks.Tests.Tokenization.Bpe;

public class BpeModelTests
{
    private static readonly string[] Alphabet = ["a", "b", "c", "▁", "é", "😀"];

    private static Vocabulary VocabularyOf(IEnumerable<string> tokens) => new(tokens.Select((t, i) => (t, i)), "file");

    private static BpeModel Model(IReadOnlyList<(string Left, string Right)> merges, BpeRules? rules = null, params string[] more)
    {
        var vocabulary = VocabularyOf([.. Alphabet, .. merges.Select(m => m.Left + m.Right), .. more]);
        return new BpeModel(vocabulary, MergeTable.FromList(merges, vocabulary, "file"), rules ?? new BpeRules());
    }

    private static List<string> Pieces(BpeModel model, string text) => [.. model.Encode(text).Select(s => text.Substring(s.Start, s.Length))];

    [Fact]
    public void MergesAreThoseOfTheReadableTwin()
    {
        var random = new Random(1);
        for (var round = 0; round < 30; round++)
        {
            var merges = SlowMerges.RandomMerges(Alphabet, 60, random);
            var ranks = merges.Select((pair, rank) => (pair, rank)).ToDictionary();
            var model = Model(merges);
            for (var i = 0; i < 50; i++)
            {
                var text = SlowMerges.RandomText(Alphabet, random.Next(0, 40), random);
                var expected = SlowMerges.Merge(SlowMerges.Characters(text), (l, r) => ranks.TryGetValue((l, r), out var rank) ? rank : null);
                Assert.Equal(expected, Pieces(model, text));
                Assert.Equal(Pieces(model, text), Pieces(model, text)); // the second time from the cache
            }
        }
    }

    [Fact]
    public void RanksAloneMergeAnyPairThatIsATokenAndTiesGoLeft()
    {
        var random = new Random(2);
        for (var round = 0; round < 30; round++)
        {
            var tokens = Alphabet.Concat(SlowMerges.RandomMerges(Alphabet, 60, random).Select(m => m.Left + m.Right)).ToList();
            var ranks = tokens.ToDictionary(t => t, _ => random.Next(12)); // many ties
            var vocabulary = VocabularyOf(tokens);
            var model = new BpeModel(vocabulary, MergeTable.FromRanks(ranks.Select(r => (r.Key, r.Value)), vocabulary), new BpeRules());
            for (var i = 0; i < 50; i++)
            {
                var text = SlowMerges.RandomText(Alphabet, random.Next(0, 40), random);
                var expected = SlowMerges.Merge(SlowMerges.Characters(text), (l, r) => ranks.TryGetValue(l + r, out var rank) ? rank : null);
                Assert.Equal(expected, Pieces(model, text));
            }
        }
    }

    [Fact]
    public void MicrosoftsTokenizerMergesTheSame()
    {
        var random = new Random(3);
        var letters = Alphabet[..4];
        var merges = SlowMerges.RandomMerges(letters, 80, random);
        var entries = letters.Concat(merges.Select(m => m.Left + m.Right)).Select((t, i) => (t, i)).ToDictionary();
        var theirs = BpeTokenizer.Create(new BpeOptions(entries) { Merges = merges.Select(m => $"{m.Left} {m.Right}") });
        var vocabulary = new Vocabulary(entries.Select(e => (e.Key, e.Value)), "file");
        var ours = new BpeModel(vocabulary, MergeTable.FromList(merges, vocabulary, "file"), new BpeRules());
        for (var i = 0; i < 300; i++)
        {
            var text = SlowMerges.RandomText(letters, random.Next(1, 60), random);
            Assert.Equal(theirs.EncodeToIds(text, considerPreTokenization: false, considerNormalization: false), ours.Encode(text).Select(s => s.Id));
        }
    }

    /// <summary>Work that grew with the square of the length would here take 10¹² steps, and the test would not end.</summary>
    [Fact]
    public void AMegabyteInOnePieceIsMerged()
    {
        const int repeats = 1 << 19;
        var model = Model([("a", "b"), ("ab", "ab"), ("abab", "abab")]);
        var symbols = model.Encode(string.Concat(Enumerable.Repeat("ab", repeats)));
        Assert.Equal(repeats / 4, symbols.Count);
        Assert.True(symbols.All(s => (s.Id, s.Length) == (Alphabet.Length + 2, 8)));

        var random = new Random(4);
        var text = SlowMerges.RandomText(Alphabet, repeats, random);
        Assert.True(text == string.Concat(Pieces(Model(SlowMerges.RandomMerges(Alphabet, 200, random)), text)));
    }

    [Fact]
    public void APieceThatIsATokenIsTakenWholeWhereMergesAreIgnored()
    {
        (string, string)[] merges = [("a", "b"), ("b", "c")];
        Assert.Equal(["ab", "c"], Pieces(Model(merges, null, "abc"), "abc"));
        Assert.Equal(["abc"], Pieces(Model(merges, new BpeRules { IgnoresMerges = true }, "abc"), "abc"));
        Assert.Equal(["ab", "c", "a"], Pieces(Model(merges, new BpeRules { IgnoresMerges = true }, "abc"), "abca"));
    }

    [Fact]
    public void UnknownCharactersBecomeTheirBytes()
    {
        var model = Model([("a", "b")], new BpeRules { FallsBackToBytes = true }, [.. Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>")]);
        var first = Alphabet.Length + 1;
        Assert.Equal([new(6, 0, 2), new(first + 0xE1, 2, 1), new(first + 0xBB, 2, 1), new(first + 0x87, 2, 1), new(0, 3, 1)], model.Encode("abệa"));
        Assert.Equal([new(first + 0xF0, 0, 2), new(first + 0x9F, 0, 2), new(first + 0xA7, 0, 2), new(first + 0xA0, 0, 2)], model.Encode("🧠"));
    }

    [Fact]
    public void UnknownCharactersWithoutAllTheirBytesBecomeTheUnknownToken()
    {
        var rules = new BpeRules { FallsBackToBytes = true, Unknown = 7 };
        Assert.Equal([new(7, 0, 1), new(7, 1, 1), new(0, 2, 1), new(7, 3, 2)], Model([("a", "b")], rules, "<unk>", "<0xE1>").Encode("ệệa🧠"));
        Assert.Equal([new(7, 0, 2), new(0, 2, 1), new(7, 3, 2)], Model([("a", "b")], rules with { FusesUnknown = true }, "<unk>").Encode("ệệa🧠"));
    }

    [Fact]
    public void AnUnknownCharacterIsAnErrorWhereNothingStandsForIt() =>
        Assert.Contains("'ệ' (U+1EC7)", Assert.Throws<ArgumentException>(() => Model([]).Encode("aệ")).Message);

    [Theory]
    [InlineData("x", "a", "'x a': merges 'x', which is not in the vocabulary")]
    [InlineData("a", "c", "'a c': merges 'ac', which is not in the vocabulary")]
    [InlineData("a", "b", "'a b': is among the merges twice")]
    public void MergesMustFitTheVocabulary(string left, string right, string problem)
    {
        var vocabulary = VocabularyOf([.. Alphabet, "ab"]);
        Assert.Contains(problem, Assert.Throws<CheckpointException>(() => MergeTable.FromList([("a", "b"), (left, right)], vocabulary, "file")).Message);
    }
}
