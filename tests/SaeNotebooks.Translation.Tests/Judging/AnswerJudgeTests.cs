using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Judging;

namespace SaeNotebooks.Translation.Tests.Judging;

public class AnswerJudgeTests
{
    private static readonly Meaning Meaning = new MeaningSampler(Corpora.Grammar).Statement(new Rng(11), Split.Test);
    private static readonly Meaning Other = new MeaningSampler(Corpora.Grammar).Statement(new Rng(12), Split.Test);
    private static readonly Document Translate = Corpora.Prompts.Instructed("translate.en.01", Meaning, Language.English, Language.German);

    [Fact]
    public void Every_compatible_translation_is_right() =>
        Assert.All(Corpora.Grammar.Translations(Meaning, Language.English, Language.German), t => Assert.Equal(Outcome.Right, Judge(Translate, t)));

    [Fact]
    public void A_translation_is_judged_by_language_and_words()
    {
        Assert.Equal(Outcome.WrongWords, Judge(Translate, Say(Other, Language.German)));
        Assert.Equal(Outcome.SourceCopied, Judge(Translate, Say(Meaning, Language.English)));
        Assert.Equal(Outcome.SameLanguage, Judge(Translate, Say(Other, Language.English)));
        Assert.Equal(Outcome.OtherLanguage, Judge(Translate, Say(Meaning, Language.Spanish)));
        Assert.Equal(Outcome.OtherLanguage, Judge(Translate, "blorp xqz"));
    }

    [Fact]
    public void Nothing_and_no_end_are_off_task()
    {
        Assert.Equal(Outcome.Empty, Judge(Translate, " \n"));
        Assert.Equal(Outcome.NeverEnded, Corpora.Judge.Judge(Translate, Say(Meaning, Language.German), ended: false));
        Assert.Equal(Outcome.NeverEnded, Judge(Translate, "Der Hund und der Hund und der Hund und der Hund und der Hund und"));
    }

    [Fact]
    public void An_answer_ends_at_its_line_break() =>
        Assert.Equal(Outcome.Right, Corpora.Judge.Judge(Translate, Say(Meaning, Language.German) + "\nNext", ended: false));

    [Fact]
    public void A_repetition_is_right_wrong_or_another_sentence()
    {
        var prompt = Corpora.Prompts.Instructed("repeat.en.01", Meaning, Language.French, Language.French);
        var words = Say(Meaning, Language.French).Split(' ');
        Assert.Equal(Outcome.Right, Judge(prompt, Say(Meaning, Language.French)));
        Assert.Equal(Outcome.WrongWords, Judge(prompt, string.Join(' ', words[..^1]) + " chien."));
        Assert.Equal(Outcome.SameLanguage, Judge(prompt, Say(Other, Language.French)));
        Assert.Equal(Outcome.OtherLanguage, Judge(prompt, Say(Meaning, Language.German)));
    }

    [Fact]
    public void A_continuation_is_any_other_sentence_of_its_language()
    {
        var prompt = Corpora.Prompts.Instructed("continue.en.01", Meaning, Language.Vietnamese, Language.Vietnamese);
        Assert.Equal(Outcome.Right, Judge(prompt, Say(Other, Language.Vietnamese)));
        Assert.Equal(Outcome.SourceCopied, Judge(prompt, Say(Meaning, Language.Vietnamese)));
        Assert.Equal(Outcome.OtherLanguage, Judge(prompt, Say(Other, Language.English)));
    }

    [Fact]
    public void A_continuation_that_says_one_of_the_told_sentences_again_is_a_copy()
    {
        var prompt = Corpora.Prompts.Continuation("continue.en.01", [Meaning, Other], Language.French, Language.French);
        Assert.Equal(Outcome.SourceCopied, Judge(prompt, Say(Meaning, Language.French)));
        Assert.Equal(Outcome.SourceCopied, Judge(prompt, Say(Other, Language.French)));
        var third = new MeaningSampler(Corpora.Grammar).Statement(new Rng(14), Split.Test);
        Assert.Equal(Outcome.Right, Judge(prompt, Say(third, Language.French)));
    }

    [Fact]
    public void A_reply_is_right_or_wrong_in_the_sources_language()
    {
        var (sampler, rng) = (new MeaningSampler(Corpora.Grammar), new Rng(13));
        var (meaning, question) = Enumerable.Range(0, 100).Select(_ => sampler.Statement(rng))
            .Select(m => (m, Question: Corpora.Grammar.Ask(m, rng))).First(x => x.Question is not null);
        var prompt = Corpora.Prompts.Instructed("answer.en.04", meaning, Language.Spanish, Language.Spanish, question);
        Assert.Equal(Outcome.Right, Judge(prompt, question!.Answer(Language.Spanish)));
        Assert.Equal(Outcome.WrongWords, Judge(prompt, "Anna."));
        Assert.Equal(Outcome.SourceCopied, Judge(prompt, Say(meaning, Language.Spanish)));
        Assert.Equal(Outcome.OtherLanguage, Judge(prompt, Say(Other, Language.German)));
    }

    [Fact]
    public void Off_task_is_all_but_right_and_wrong_words() =>
        Assert.Equal([Outcome.Right, Outcome.WrongWords], Enum.GetValues<Outcome>().Where(o => !o.IsOffTask()));

    private static Outcome Judge(Document prompt, string output) => Corpora.Judge.Judge(prompt, output, ended: true);

    private static string Say(Meaning meaning, Language language) => Corpora.Grammar.Realize(meaning, language);
}
