using SaeNotebooks.Translation.Measures;
using SaeNotebooks.Translation.Measures.Tokenizers;

namespace SaeNotebooks.Translation.Tests.Measures;

/// <summary>Values of sacreBLEU's own tests (https://github.com/mjpost/sacrebleu, test/test_bleu.py and test/test_sentence_bleu.py).</summary>
public class BleuTests
{
    private const string Sugar = "Producția de zahăr primă va fi exprimată în ceea ce privește zahărul alb;";
    private const string SugarReference = "producţia de zahăr brut se exprimă în zahăr alb;";

    private static readonly string[] Dog = ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."];

    private static readonly IReadOnlyList<string>[] DogReferences =
    [
        ["The dog bit the man.", "The dog had bit the man."], ["It was not unexpected.", "No one was surprised."],
        ["The man bit him first.", "The man had bitten the dog."],
    ];

    [Theory]
    [InlineData("13a", BleuSmoothing.Exponential, null, false, 8.493)]
    [InlineData("13a", BleuSmoothing.None, null, false, 0)]
    [InlineData("13a", BleuSmoothing.Floor, null, false, 4.51688)]
    [InlineData("13a", BleuSmoothing.Floor, 0.5, false, 10.10)]
    [InlineData("13a", BleuSmoothing.AddK, null, false, 14.882)]
    [InlineData("13a", BleuSmoothing.AddK, 2.0, false, 21.389)]
    [InlineData("none", BleuSmoothing.Exponential, null, false, 7.347)]
    [InlineData("intl", BleuSmoothing.Exponential, null, false, 8.493)]
    [InlineData("char", BleuSmoothing.Exponential, null, false, 40.8759)]
    [InlineData("char", BleuSmoothing.Exponential, null, true, 42.0267)]
    public void A_sentence_is_sacreBLEUs(string tokenizer, BleuSmoothing smoothing, double? value, bool lowercase, double expected) =>
        Assert.Equal(expected, new Bleu { Tokenizer = SegmentTokenizer.Named(tokenizer), Smoothing = smoothing, SmoothingValue = value, Lowercase = lowercase }
            .Sentence(Sugar, SugarReference).Score, 1e-3);

    [Theory]
    [InlineData("13a", BleuSmoothing.Exponential, 48.530827)]
    [InlineData("13a", BleuSmoothing.None, 48.530827)]
    [InlineData("none", BleuSmoothing.Exponential, 49.1919566)]
    [InlineData("intl", BleuSmoothing.Exponential, 43.91623493)]
    public void A_corpus_with_two_references_is_sacreBLEUs(string tokenizer, BleuSmoothing smoothing, double expected) =>
        Assert.Equal(expected, new Bleu { Tokenizer = SegmentTokenizer.Named(tokenizer), Smoothing = smoothing }.Corpus(Dog, DogReferences).Score, 1e-6);

    [Theory]
    [InlineData(new[] { "this is a test", "another test" }, new[] { "ref1", "ref2" }, 0)]
    [InlineData(new[] { "this is a fest" }, new[] { "this is a test" }, 22.3606797749979)]
    [InlineData(new[] { "test" }, new[] { "a test" }, 36.78794411714425)]
    [InlineData(new[] { "a test" }, new[] { "a test" }, 100)]
    [InlineData(new[] { "a little test" }, new[] { "a test" }, 3.218297948685433)]
    public void Short_segments_with_a_floor_are_sacreBLEUs(string[] hypotheses, string[] references, double expected) =>
        Assert.Equal(expected, new Bleu { Tokenizer = SegmentTokenizer.None, Smoothing = BleuSmoothing.Floor, SmoothingValue = 0.01, EffectiveOrder = true }
            .Corpus(hypotheses, references).Score, 1e-8);

    [Theory]
    [InlineData("")]
    [InlineData("this is a cat")]
    public void Without_a_common_word_the_score_is_0(string hypothesis) => Assert.Equal(0, Bleu.Default.Sentence(hypothesis, "okay thanks").Score);

    [Fact]
    public void Statistics_are_counted_by_order()
    {
        var score = Bleu.Default.Corpus(["am I am a character sequence"], ["I am a symbol string sequence a a"]);
        Assert.Equal([4, 2, 1, 0], score.Matches);
        Assert.Equal([6, 5, 4, 3], score.Totals);
        Assert.Equal((6, 8), (score.HypothesisLength, score.ReferenceLength));
        Assert.Equal(Math.Exp(1 - 8.0 / 6), score.BrevityPenalty, 1e-12);
    }

    [Fact]
    public void Signatures_are_sacreBLEUs()
    {
        Assert.Equal("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.0.0", Bleu.Default.Signature());
        Assert.Equal("nrefs:var|case:lc|eff:yes|tok:zh|smooth:floor[0.10]|version:2.0.0",
            new Bleu { Tokenizer = SegmentTokenizer.Chinese, Lowercase = true, EffectiveOrder = true, Smoothing = BleuSmoothing.Floor }.Signature("var"));
        Assert.Equal("nrefs:1|case:mixed|eff:no|tok:13a|smooth:add-k[1.00]|version:2.0.0", new Bleu { Smoothing = BleuSmoothing.AddK }.Signature());
    }

    [Theory]
    [InlineData("zh", "zh")]
    [InlineData("ja", "char")]
    [InlineData("ru", "13a")]
    public void The_tokenizer_follows_from_the_language(string language, string tokenizer) => Assert.Equal(tokenizer, Bleu.For(language).Tokenizer.Name);

    [Theory]
    [InlineData("13a", "Hello, world! It's 3.5 & 1,000-fold.", "Hello , world ! It's 3.5 & 1,000 - fold .")]
    [InlineData("intl", "Hello, “world”… 3,5€ 😀!", "Hello , “ world ” … 3,5 € 😀 !")]
    [InlineData("zh", "我有3.5个“苹果”—abc。", "我 有 3.5 个 “ 苹 果 ” — abc 。")]
    [InlineData("char", "a 😀b", "a 😀 b")]
    [InlineData("none", "a\u001cb\u3000c d.", "a b c d.")]
    public void Segments_are_divided(string tokenizer, string segment, string tokens) =>
        Assert.Equal(tokens, string.Join(' ', SegmentTokenizer.Named(tokenizer).Tokenize(segment)));

    [Fact]
    public void Lower_case_is_Pythons()
    {
        string[] pairs = ["ΟΔΥΣΣΕΥΣ οδυσσευς", "ΣΑΣ, σας,", "Σ σ", "İI i\u0307i", "ẞ ß", "Σ'Α σ'α"];
        foreach (var (upper, lower) in pairs.Select(p => (p.Split(' ')[0], p.Split(' ')[1]))) Assert.Equal(lower, PythonText.Lower(upper));
    }

    [Fact]
    public void A_corpus_needs_a_reference_for_each_output()
    {
        Assert.Contains("2 outputs and 1 references", Assert.Throws<ArgumentException>(() => Bleu.Default.Corpus(["a", "b"], ["a"])).Message);
        Assert.Contains("Segment 2", Assert.Throws<ArgumentException>(() => Bleu.Default.Corpus(["a", "b"], ["a", ""])).Message);
        Assert.Throws<ArgumentException>(() => Bleu.Default.Corpus([], (string[])[]));
        Assert.Contains("intl", Assert.Throws<ArgumentException>(() => SegmentTokenizer.Named("14")).Message);
    }
}
