using System.Text.Json;
using SaeNotebooks.Tests.Goldens;
using SaeNotebooks.Tokenization;
using SaeNotebooks.Tokenization.Unigram;

namespace SaeNotebooks.Tests.Tokenization.Unigram;

public sealed class UnigramModelTests
{
    private const int Unknown = 0;

    private sealed record Sample(string Text, int[] Ids);

    [Fact]
    public void IdsAreThoseOfSentencePiece()
    {
        var tokenizer = TokenizerFile.Load(Path.Combine(Golden.PathOf("sentencepiece_unigram"), "unigram.model"));
        foreach (var line in File.ReadLines(Path.Combine(Golden.PathOf("sentencepiece_unigram"), "unigram.jsonl")))
        {
            var sample = JsonSerializer.Deserialize<Sample>(line, JsonSerializerOptions.Web)!;
            Assert.Equal(sample.Ids, tokenizer.Encode(sample.Text, bos: false));
            var spans = tokenizer.EncodeToSpans(sample.Text);
            Assert.Equal(sample.Ids, spans.Select(s => s.Id));
            Assert.All(spans.Zip(spans.Skip(1)), pair => Assert.True(pair.First.Start <= pair.Second.Start));
        }
    }

    /// <summary>Every way to cut short texts, with pieces of random scores: none is better than the one that is chosen.</summary>
    [Fact]
    public void TheBestOfAllCutsIsChosen()
    {
        var random = new Random(1);
        for (var trial = 0; trial < 300; trial++)
        {
            var pieces = new[] { "a", "b", "ab", "ba", "aab", "abab", "🧠", "b🧠", "🧠a" }.Where(_ => random.Next(4) > 0)
                .Select((text, i) => (Text: text, Id: i + 1, Score: -10 * random.NextDouble())).ToList();
            if (pieces is []) continue;
            string[] characters = ["a", "b", "🧠", "c"];
            var text = string.Concat(Enumerable.Range(0, 8).Select(_ => characters[random.Next(characters.Length)]));

            var chosen = new UnigramModel(pieces, Unknown).Encode(text);

            var ofText = pieces.ToDictionary(p => p.Text, p => p.Score);
            var unknown = pieces.Min(p => p.Score) - 10;
            Assert.Equal(text, string.Concat(chosen.Select(s => text.Substring(s.Start, s.Length))));
            Assert.All(chosen.Where(s => s.Id != Unknown), s => Assert.Equal(s.Id, pieces.First(p => p.Text == text.Substring(s.Start, s.Length)).Id));
            var score = chosen.Sum(s => s.Id == Unknown ? unknown * text.Substring(s.Start, s.Length).EnumerateRunes().Count() : ofText[text.Substring(s.Start, s.Length)]);
            Assert.Equal(BestScore(text, ofText, unknown), score, 1e-9);
        }
    }

    /// <summary>The best score of all cuts; a character without a piece of its own may be cut out as unknown.</summary>
    private static double BestScore(string text, Dictionary<string, double> scores, double unknown)
    {
        if (text.Length == 0) return 0;
        var character = text.EnumerateRunes().First().ToString();
        var cuts = scores.Where(p => text.StartsWith(p.Key, StringComparison.Ordinal)).Select(p => p.Value + BestScore(text[p.Key.Length..], scores, unknown));
        return scores.ContainsKey(character) ? cuts.Max() : cuts.Append(unknown + BestScore(text[character.Length..], scores, unknown)).Max();
    }

    [Fact]
    public void NeighbouringUnknownCharactersAreOneToken()
    {
        var model = new UnigramModel([("a", 1, -1), ("b", 2, -2)], Unknown);
        Assert.Equal([(Unknown, 0, 3), (1, 3, 1), (Unknown, 4, 1)], model.Encode("🧠xay").Select(s => (s.Id, s.Start, s.Length)));
        Assert.Empty(model.Encode(""));
    }
}
