using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Tests.Measures;

/// <summary>Values of sacreBLEU's own tests (https://github.com/mjpost/sacrebleu, test/test_chrf.py), and some counted by hand.</summary>
public class ChrFTests
{
    private static readonly ChrF Beta3 = new() { Beta = 3 };

    [Theory]
    [InlineData("a", "a", 100)]
    [InlineData("", "reference", 0)]
    [InlineData("a b c", "a b c", 100)]
    [InlineData("a b c", "abc", 100)]
    [InlineData("", "c", 0)]
    [InlineData("aa", "ab", 25)]
    [InlineData("abcdefg", "hijklmnop", 0)]
    [InlineData(" risk assessment must be made of those who are qualified and expertise in the sector - these are the scientists .",
        "risk assessment has to be undertaken by those who are qualified and expert in that area - that is the scientists .", 63.361730)]
    [InlineData(" Die    Beziehung zwischen  Obama und Netanjahu ist nicht gerade  freundlich. ",
        "Das Verhältnis zwischen Obama und Netanyahu ist nicht gerade freundschaftlich.", 64.1302698)]
    [InlineData("Niemand hat die Absicht, eine Mauer zu errichten", "Niemand hat die Absicht, eine Mauer zu errichten", 100)]
    public void Beta_3_is_sacreBLEUs(string hypothesis, string reference, double expected) =>
        Assert.Equal(expected, Beta3.Sentence(hypothesis, reference), 1e-4);

    [Theory]
    [InlineData("a", "a", 16.6667)]
    [InlineData("aa", "ab", 8.3333)]
    [InlineData("a b c", "abc", 50)]
    [InlineData("", "ref", 0)]
    [InlineData(" Die    Beziehung zwischen  Obama und Netanjahu ist nicht gerade  freundlich. ",
        "Das Verhältnis zwischen Obama und Netanyahu ist nicht gerade freundschaftlich.", 64.1302698)]
    public void Epsilon_smoothing_is_sacreBLEUs(string hypothesis, string reference, double expected) =>
        Assert.Equal(expected, (Beta3 with { EpsilonSmoothing = true }).Sentence(hypothesis, reference), 1e-4);

    [Theory]
    [InlineData("Die Beziehung zwischen Obama und Netanjahu ist nicht gerade freundlich.",
        "Das Verhältnis zwischen Obama und Netanyahu ist nicht gerade freundschaftlich.", 67.3481606)]
    [InlineData("risk assessment must be made of those who are qualified and expertise in the sector - these are the scientists .",
        "risk assessment has to be undertaken by those who are qualified and expert in that area - that is the scientists .", 65.2414427)]
    public void White_space_kept_is_sacreBLEUs(string hypothesis, string reference, double expected) =>
        Assert.Equal(expected, (Beta3 with { Whitespace = true }).Sentence(hypothesis, reference), 1e-4);

    [Fact]
    public void Signatures_are_sacreBLEUs()
    {
        Assert.Equal("nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.0.0", ChrF.Default.Signature());
        Assert.Equal("nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.0.0", ChrF.PlusPlus.Signature());
    }

    // sacreBLEU publishes these three with smoothing: 39.14078509, 31.22557079, 57.15704367. A few lines of Python that give those
    // values to 1e-7 give these without smoothing.
    [Theory]
    [InlineData("Co nás nejvíc trápí, protože lékaři si vybírají, kdo bude žít a kdo zemře.",
        "Nejvíce smutní jsme z toho, že musíme rozhodovat o tom, kdo bude žít a kdo zemře.", 39.14081690)]
    [InlineData("Nebo prostě nemají vybavení, které by jim pomohlo, uvedli lékaři.",
        "A někdy nemáme ani potřebný materiál, abychom jim pomohli, popsali lékaři.", 31.22564147)]
    [InlineData("Lapali po dechu, jejich životy skončily dřív, než skutečně začaly.",
        "Lapali po dechu a pak jejich život skončil - dřív, než skutečně mohl začít, připomněli.", 57.15742751)]
    public void The_default_is_sacreBLEUs(string hypothesis, string reference, double expected) =>
        Assert.Equal(expected, ChrF.Default.Sentence(hypothesis, reference), 1e-7);

    [Fact]
    public void A_corpus_sums_counts_before_it_divides() => Assert.Equal(50, Beta3.Corpus(["a", "b"], ["a", "c"]), 1e-9);

    [Fact]
    public void Orders_that_only_one_side_has_do_not_count() =>
        // 1-grams: 2 of 8 and 2 of 2; 2-grams: 1 of 7 and 1 of 1; longer ones: none in the reference.
        Assert.Equal(100 * 5 * P * 1 / (4 * P + 1), ChrF.Default.Sentence("abcdefgh", "ab"), 1e-9);

    private const double P = (2.0 / 8 + 1.0 / 7) / 2;

    [Fact]
    public void The_best_of_several_references_counts() =>
        Assert.Equal(100, ChrF.Default.Sentence("the dog sleeps", "a cat", "the dog sleeps", "the dog"), 1e-9);

    [Fact]
    public void With_words_a_mark_at_the_end_is_a_word_of_its_own()
    {
        // Orders: 6 of characters, all matched but what the full stop adds; words {dog, .} against {dog}.
        var words = ChrF.PlusPlus with { CharacterOrder = 0 };
        Assert.Equal(100 * 5 * 0.5 * 1 / (4 * 0.5 + 1), words.Sentence("dog.", "dog"), 1e-9);
        Assert.Equal(0, words.Sentence("do.g", "dog"), 1e-9);
    }

    [Fact]
    public void Characters_are_code_points_and_not_halves_of_them() =>
        // Both faces begin with the same surrogate; as code points the two have nothing in common but the letter.
        Assert.Equal(50, new ChrF { CharacterOrder = 1, Beta = 1 }.Sentence("😀a", "😁a"), 1e-9);

    [Fact]
    public void Every_output_needs_its_reference() => Assert.Throws<ArgumentException>(() => ChrF.Default.Corpus(["a", "b"], ["a"]));
}
