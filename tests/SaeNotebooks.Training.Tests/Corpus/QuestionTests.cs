using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tests.Tasks;

namespace SaeNotebooks.Training.Tests.Corpus;

public class QuestionTests
{
    private static readonly Grammar Grammar = Corpora.Grammar;

    /// <summary>Anna helps the student in the garden: all questions about it.</summary>
    [Theory]
    [InlineData(Mood.AskSubject, "Anna.", "Anna.", "Anna.", "Anna.", "Anna.")]
    [InlineData(Mood.AskObject, "The student.", "L'étudiant.", "Dem Studenten.", "Al estudiante.", "Sinh viên.")]
    [InlineData(Mood.AskPlace, "In the garden.", "Dans le jardin.", "Im Garten.", "En el jardín.", "Trong khu vườn.")]
    public void Answers_are_short_and_in_the_case_of_the_question(Mood mood, params string[] answers)
    {
        var lexicon = Grammar.Lexicon;
        var clause = new Clause
        {
            Subject = NounPhrase.Named(lexicon.Closed("name", "Anna")),
            Predicate = new SaeNotebooks.Training.Corpus.Action(lexicon.Verb("help"), NounPhrase.Of(lexicon.Noun("student"))),
            Place = new PlacePhrase(Preposition.At, NounPhrase.Of(lexicon.Noun("garden"))),
        };
        Assert.Equal(answers, Languages.All.Select(language => Grammar.Answer(new Meaning(clause, mood), language)));
    }

    [Fact]
    public void A_statement_is_no_question()
    {
        var statement = new MeaningSampler(Grammar).Statement(new Rng(1));
        Assert.Throws<ArgumentException>(() => Grammar.Answer(statement, Language.French));
    }

    /// <summary>In English, German and Vietnamese the words of the answer stand in the statement as they are.</summary>
    [Theory]
    [InlineData(Language.English)]
    [InlineData(Language.German)]
    [InlineData(Language.French)]
    public void The_answer_can_be_read_off_the_statement(Language language)
    {
        var sampler = new MeaningSampler(Grammar);
        var rng = new Rng(2);
        for (var i = 0; i < 1500; i++)
        {
            var statement = sampler.Statement(rng);
            if (Grammar.Ask(statement, rng) is not { } question || question.Asks == Mood.AskTime)
                continue;
            var text = Grammar.Realize(statement, language).ToLowerInvariant();
            var missing = question.Answer(language).ToLowerInvariant().TrimEnd('.').Split(' ', '\'').Where(word => !text.Contains(word.Trim(',')));
            Assert.Empty(missing.Select(word => $"{word} | {text} | {question.Answer(language)}"));
        }
    }

    [Fact]
    public void Most_statements_can_be_asked_about()
    {
        var sampler = new MeaningSampler(Grammar);
        var rng = new Rng(3);
        Assert.InRange(Enumerable.Range(0, 1000).Count(_ => Grammar.Ask(sampler.Statement(rng), rng) is not null), 400, 1000);
    }
}
