using SaeNotebooks.Features.Interpretation;
using SaeNotebooks.Generation;
using SaeNotebooks.Steering;
using SaeNotebooks.Steering.Judging;
using SaeNotebooks.Tests.Features.Interpretation;

namespace SaeNotebooks.Tests.Steering.Judging;

public class SteeringScoreTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static GeneratedText Text(string text) => new([], [], text, FinishReason.Length);

    [Theory]
    [InlineData(2, 2, 2, 2)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 1, 2, 1.5)] // 3 / (1/2 + 1 + 1/2)
    [InlineData(1, 1, 2, 1.2)]
    [InlineData(0, 2, 2, 0)]
    [InlineData(2, 2, 0, 0)]
    public void The_score_is_the_harmonic_mean(int concept, int instruction, int fluency, double expected) =>
        Assert.Equal(expected, new SteeringRating(concept, instruction, fluency).Score, 1e-12);

    [Fact]
    public async Task A_language_model_is_asked_three_questions_of_which_each_knows_what_it_needs_alone()
    {
        var model = new ScriptedModel(chat => chat.Messages[^1].Text.StartsWith("Concept", StringComparison.Ordinal) ? "Not [[0]] but [[2]]." : chat.Messages[^1].Text.StartsWith("Instruction", StringComparison.Ordinal) ? "[[ 1 ]]" : "Fine: [[2]]");
        var judge = new ChatSteeringJudge(model);
        Assert.Equal(new(2, 1, 2), await judge.Rate("Say something.", "dogs", Text("A dog barks."), Cancel));
        Assert.Equal(["Concept: dogs\n\nText: A dog barks.", "Instruction: Say something.\n\nText: A dog barks.", "Text: A dog barks."], model.Asked.Select(c => c.Messages[^1].Text));
        Assert.All(model.Asked, c => Assert.Contains("double square brackets", c.Messages[0].Text));
    }

    [Theory]
    [InlineData("I would say 2.")]
    [InlineData("[[3]]")]
    [InlineData("[2]")]
    public async Task Without_a_rating_it_is_asked_again_and_then_given_up(string answer)
    {
        var asked = 0;
        Assert.Equal(1, (await new ChatSteeringJudge(new ScriptedModel(_ => asked++ % 2 == 0 ? answer : "[[1]]")).Rate("a", "b", Text("c"), Cancel)).Score);
        Assert.Equal(6, asked);
        var error = await Assert.ThrowsAsync<LanguageModelException>(() => new ChatSteeringJudge(new ScriptedModel(_ => answer)).Rate("a", "b", Text("c"), Cancel));
        Assert.Equal(LanguageModelProblem.BadAnswer, error.Problem);
    }

    [Fact]
    public async Task A_sweep_is_rated_text_by_text_and_its_dose_chosen_on_one_half()
    {
        // Dose 1 is best on the first and third prompt, dose 2 on the others.
        var texts = Texts(["0", "0", "0", "0"], ["2", "0", "2", "1"], ["1", "2", "1", "2"]);
        var scores = await SteeringScores.Of(texts, "numbers", new Reader(), Cancel);
        Assert.Equal([[2, 0, 2, 1], [1, 2, 1, 2]], scores.Ratings.Select(d => d.Select(r => r.Concept)));
        Assert.Equal((1, 0.5), scores.HeldOut());
        var response = scores.Response();
        Assert.Equal([1.25, 1.5], response.Means);
        Assert.Equal([0, 0, 0, 0], response.Unedited);
        Assert.Equal([1.25, 1.5], scores.Response("concept", r => r.Concept).Changes);
        Assert.Contains("unedited", scores.ToText());
        var one = await SteeringScores.Of(Texts(["0"], ["1"]), "numbers", new Reader(), Cancel);
        Assert.Contains("there are 1 prompts", Assert.Throws<InvalidOperationException>(() => one.HeldOut()).Message);
    }

    private static DoseTexts Texts(string[] unedited, params string[][] doses)
    {
        GeneratedText[] Of(string[] texts) => [.. texts.Select(Text)];
        double[] numbers = [.. doses.Select((_, i) => i + 1.0)];
        return new(numbers, new([.. unedited.Select((_, i) => $"prompt {i}")], Of(unedited), [.. doses.Select((d, i) => ($"dose {i + 1}", (IReadOnlyList<GeneratedText>)Of(d)))]));
    }

    /// <summary>Rates a text by the number that it is, three times over.</summary>
    private sealed class Reader : ISteeringJudge
    {
        public string Name => "reader";

        public Task<SteeringRating> Rate(string prompt, string concept, GeneratedText text, CancellationToken cancellation = default)
        {
            var number = int.Parse(text.Text);
            return Task.FromResult(new SteeringRating(number, number, number));
        }
    }
}
