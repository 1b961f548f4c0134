using SaeNotebooks.Features.Interpretation;
using SaeNotebooks.Tokenization.Chats;

namespace SaeNotebooks.Tests.Features.Interpretation;

public class ExplainerTests
{
    [Fact]
    public void The_prompt_marks_runs_of_active_tokens_and_says_how_strong_each_is()
    {
        var chat = Explainer.Prompt([Samples.Example("the *red:2* *cat:8* sat"), Samples.Example("a dog *ran:0.4*")], [" purr", " meow"]);

        Assert.Equal([ChatRole.System, ChatRole.User], chat.Messages.Select(m => m.Role));
        Assert.Equal("""
            Excerpt 1: the<< red cat>> sat
            Active: " red" 3, " cat" 10

            Excerpt 2: a dog<< ran>>
            Active: " ran" 1

            When it is active, the network finds these next tokens more likely: " purr", " meow"
            """.ReplaceLineEndings("\n"), chat.Messages[1].Text);
    }

    [Fact]
    public void Line_breaks_of_an_excerpt_do_not_break_the_prompt() =>
        Assert.Contains("Excerpt 1: <<a↵b>>", Explainer.Prompt([Samples.Example("*a\nb*")]).Messages[1].Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("EXPLANATION: words for cats", "words for cats")]
    [InlineData("They are animals.\n**EXPLANATION:** words for \"cats\"", "words for \"cats\"")]
    [InlineData("EXPLANATION: first\nOn second thought:\nexplanation : second  ", "second")]
    [InlineData("words for cats", "words for cats")]
    [InlineData("EXPLANATION: \"words for cats\"", "words for cats")]
    public async Task The_explanation_is_the_line_that_was_asked_for(string answer, string expected) =>
        Assert.Equal(expected, await Explainer.Explain(new ScriptedModel(_ => answer), [Samples.Example("*a*")]));

    [Theory]
    [InlineData("I think\nthey are cats")]
    [InlineData("  ")]
    [InlineData("EXPLANATION: \n")]
    public async Task Without_such_a_line_the_person_is_told(string answer)
    {
        var e = await Assert.ThrowsAsync<LanguageModelException>(() => Explainer.Explain(new ScriptedModel(_ => answer), [Samples.Example("*a*")]));
        Assert.Equal(LanguageModelProblem.BadAnswer, e.Problem);
        Assert.StartsWith("scripted ended with no line 'EXPLANATION: …'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Examples_must_be_active()
    {
        Assert.Throws<ArgumentException>(() => Explainer.Prompt([]));
        Assert.Contains("silent", Assert.Throws<ArgumentException>(() => Explainer.Prompt([Samples.Example("a b")])).Message, StringComparison.Ordinal);
    }
}
