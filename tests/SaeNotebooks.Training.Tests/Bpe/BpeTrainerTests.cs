using SaeNotebooks.Training.Bpe;

namespace SaeNotebooks.Training.Tests.Bpe;

public class BpeTrainerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Merges_are_those_of_counting_everything_anew(int repeats)
    {
        var words = SampleText.Words(repeats + 1);
        var size = BpeVocabulary.SmallestSize + 150;

        var vocabulary = BpeTrainer.Train(words, size);

        Assert.Equal(size, vocabulary.Tokens.Count);
        Assert.Equal(SlowBpe.Train(words.Counts, vocabulary.Merges.Count), vocabulary.Merges);
    }

    [Fact]
    public void Merges_of_random_overlapping_words_are_those_of_counting_everything_anew()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            // Few letters make many overlaps (aaa) and tokens that can be spelled in two ways.
            var words = new WordCounts();
            foreach (var c in SampleText.AnyUnicode(seed, 40))
                words.Add(string.Concat(Enumerable.Range(0, 9).Select(i => "aab"[(c * (i + 3) >> (i % 4)) % 3])));
            words.Add("aaaaaaaaa aaaaaaaaa abababab abababab bbbbbbbb bbbbbbbb");

            var vocabulary = BpeTrainer.Train(words, BpeVocabulary.SmallestSize + 12);

            Assert.Equal(SlowBpe.Train(words.Counts, vocabulary.Merges.Count), vocabulary.Merges);
        }
    }

    [Fact]
    public void The_order_of_the_documents_does_not_matter()
    {
        var (forward, backward) = (new WordCounts(), new WordCounts());
        for (var i = 0; i < 12; i++)
        {
            forward.Add(SampleText.Sentence(i % 6));
            backward.Add(SampleText.Sentence((11 - i) % 6));
        }
        Assert.Equal(BpeTrainer.Train(forward, 400).Merges, BpeTrainer.Train(backward, 400).Merges);
    }

    [Fact]
    public void Special_tokens_come_first_and_then_the_bytes()
    {
        var tokens = BpeTrainer.Train(SampleText.Words(), 300).Tokens;
        Assert.Equal(["<bos>", "<eos>", "<pad>", "!"], tokens.Take(4));
        Assert.Equal(256, tokens.Skip(3).Take(256).Distinct().Count(t => t.Length == 1));
        Assert.Equal(tokens.Count, tokens.Distinct().Count());
    }

    [Fact]
    public void Too_little_text_for_the_size_is_an_error()
    {
        var error = Assert.Throws<ArgumentException>(() => BpeTrainer.Train(SampleText.Words(), 5000));
        Assert.Contains("5000 tokens was asked for", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => BpeTrainer.Train(SampleText.Words(), 258));
    }

    [Fact]
    public void Any_text_survives_encoding_and_decoding()
    {
        var vocabulary = BpeTrainer.Train(SampleText.Words(), 400);
        for (var seed = 0; seed < 30; seed++)
        {
            var text = SampleText.AnyUnicode(seed, 120);
            Assert.Equal(text, SlowBpe.Decode(vocabulary, SlowBpe.Encode(vocabulary, text)));
        }
    }
}
