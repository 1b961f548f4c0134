using SaeNotebooks.Translation.Judging.OffTask;

namespace SaeNotebooks.Translation.Tests.Judging.OffTask;

public class TranslationFramingTests
{
    [Theory]
    [InlineData("Here is the translation: 狗在睡觉。", true)]
    [InlineData("译文：狗在睡觉。", true)]
    [InlineData("Voici la traduction : Le chien dort.", true)]
    [InlineData("الترجمة: الكلب نائم.", true)]
    [InlineData("狗在睡觉。", false)]
    [InlineData("Le chien dort. Voici la traduction.", false)] // not at the beginning
    [InlineData("", false)]
    public void An_output_is_framed_if_it_begins_by_announcing_a_translation(string output, bool expected) => Assert.Equal(expected, TranslationFraming.Is(output, "The dog sleeps."));

    [Fact]
    public void What_translates_such_words_of_the_source_is_none_of_the_models()
    {
        Assert.False(TranslationFraming.Is("Translation: the dog", "译文：狗"));
        Assert.Equal(0.5, TranslationFraming.Rate(["Translation: the dog", "Sure! The dog."], ["译文：狗", "狗"]));
        Assert.Equal(1, TranslationFraming.Rate(["Translation: the dog", "Sure! The dog."], null));
    }
}
