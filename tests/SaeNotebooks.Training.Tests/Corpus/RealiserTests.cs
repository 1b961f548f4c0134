using System.Text;
using System.Text.RegularExpressions;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tests.Tasks;

namespace SaeNotebooks.Training.Tests.Corpus;

public class RealiserTests
{
    private const string FrenchVowel = "[aeiouyéèêâàîôûœ]";

    public static TheoryData<Language> AllLanguages => [.. Languages.All];

    [Theory]
    [MemberData(nameof(AllLanguages))]
    public void Golden_sentences(Language language)
    {
        var wrong = GoldenSentences.All
            .Select(golden => (Expected: golden.Sentences[(int)language], Actual: Corpora.Grammar.Realize(golden.Meaning, language)))
            .Where(pair => pair.Expected != pair.Actual);
        Assert.Empty(wrong);
        Assert.True(GoldenSentences.All.Count >= 60);
    }

    /// <summary>Patterns that no correct sentence of the language contains.</summary>
    [Theory]
    [InlineData(Language.English, @"\b[Aa] (?!uni|use|eu|one)[aeiou]|\b[Aa]n [^aeiouh]|\bthe the\b|\bdoes \w+s not\b|^(He|She|It) (are|have|do|were)\b")]
    [InlineData(Language.French, @"\b(de|à) les?\b (?!" + FrenchVowel + @"|h)|\bde les\b|\bà les\b|\b([LlDdJjNn]e|[Ll]a|[Qq]ue) " + FrenchVowel + @"|\bsi ils?\b|\bde du\b|\bde des\b|(?<!\b(suis|est|sommes|sont|étais|était|étions|étaient|serai|sera|serons|seront) )pas (un|une|des|du) ")]
    [InlineData(Language.German, @"\b(in|an|zu|von|bei) dem\b|\bzu der\b|\b(in|an) das\b|\bnicht (ein|eine|einen) \p{L}|,,|, ,")]
    [InlineData(Language.Spanish, @"\b(a|de) el\b|\by h?i(?!e)|\bla agua\b|\buna águila\b|\b(yo|él|ella) \w+[oae]\b")]
    [InlineData(Language.Vietnamese, @"(?<!thứ )\b(một|hai|ba) (những|các)\b|\bcó có\b|\bđã sẽ\b|\bkhông không\b|\bở ở\b")]
    public void Sampled_sentences_contain_nothing_impossible(Language language, string impossible)
    {
        var sampler = new MeaningSampler(Corpora.Grammar);
        var rng = new Rng(11);
        var pattern = new Regex(impossible, RegexOptions.Compiled);
        var bad = Enumerable.Range(0, 4000).Select(_ => Corpora.Grammar.Realize(sampler.Sentence(rng), language)).Where(text => pattern.IsMatch(text));
        Assert.Empty(bad.Take(5));
    }

    [Theory]
    [MemberData(nameof(AllLanguages))]
    public void Sampled_sentences_are_typeset_as_sentences(Language language)
    {
        var sampler = new MeaningSampler(Corpora.Grammar);
        var rng = new Rng(12);
        var form = new Regex(@"^¿?\p{Lu}[^.?]*[\p{L}][.]$|^¿?\p{Lu}[^.?]*[\p{L}] ?\?$");
        for (var i = 0; i < 3000; i++)
        {
            var text = Corpora.Grammar.Realize(sampler.Sentence(rng), language);
            Assert.Matches(form, text);
            Assert.DoesNotContain("  ", text);
            Assert.DoesNotMatch(@" ,|,\S|' ", text);
            Assert.True(text.IsNormalized(NormalizationForm.FormC));
        }
    }

    /// <summary>The whole declension of an adjective after der, ein and nothing, against the tables of a school grammar.</summary>
    [Theory]
    [InlineData(Determiner.Definite, "hat", "der neue Hut", "den neuen Hut", "dem neuen Hut")]
    [InlineData(Determiner.Definite, "shirt", "das neue Hemd", "das neue Hemd", "dem neuen Hemd")]
    [InlineData(Determiner.Definite, "watch.clock", "die neue Uhr", "die neue Uhr", "der neuen Uhr")]
    [InlineData(Determiner.Indefinite, "hat", "ein neuer Hut", "einen neuen Hut", "einem neuen Hut")]
    [InlineData(Determiner.Indefinite, "shirt", "ein neues Hemd", "ein neues Hemd", "einem neuen Hemd")]
    [InlineData(Determiner.My, "watch.clock", "meine neue Uhr", "meine neue Uhr", "meiner neuen Uhr")]
    [InlineData(Determiner.Two, "hat", "zwei neue Hüte", "zwei neue Hüte", "zwei neuen Hüten")]
    [InlineData(Determiner.All, "shirt", "alle neuen Hemden", "alle neuen Hemden", "allen neuen Hemden")]
    public void German_noun_phrases_decline(Determiner determiner, string noun, string nominative, string accusative, string dative)
    {
        var lexicon = Corpora.Grammar.Lexicon;
        var phrase = NounPhrase.Of(lexicon.Noun(noun), determiner, determiner.NeedsPlural() ? Number.Plural : Number.Singular) with { Adjective = lexicon.Adjective("new") };
        Assert.Equal([nominative, accusative, dative], new[] { GermanCase.Nominative, GermanCase.Accusative, GermanCase.Dative }.Select(Declined));

        string Declined(GermanCase @case)
        {
            var draft = new Draft();
            GermanNounPhrases.Core(draft, phrase, @case, denied: false);
            return string.Join(' ', draft.Words);
        }
    }

    [Fact]
    public void Weak_nouns_and_genitives_have_their_endings()
    {
        string Genitive(string noun)
        {
            var draft = new Draft();
            GermanNounPhrases.Core(draft, NounPhrase.Of(Corpora.Grammar.Lexicon.Noun(noun)), GermanCase.Genitive, denied: false);
            return string.Join(' ', draft.Words);
        }

        Assert.Equal(["des Studenten", "des Mannes", "des Lehrers", "der Mutter", "des Hauses", "des Busses", "des Parks", "des Gefängnisses"],
            new[] { "student", "man", "teacher", "mother", "house", "bus", "park", "prison" }.Select(Genitive));
    }
}
