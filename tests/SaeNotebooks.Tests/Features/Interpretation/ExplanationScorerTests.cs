using SaeNotebooks.Features;
using SaeNotebooks.Features.Interpretation;

namespace SaeNotebooks.Tests.Features.Interpretation;

public class ExplanationScorerTests
{
    private static readonly Example[] Active = [.. Enumerable.Range(0, 8).Select(i => Samples.Example($"n{i} *cat* sat here", i))];
    private static readonly Example[] Silent = [.. Enumerable.Range(8, 8).Select(i => Samples.Example($"n{i} dog sat here", i))];

    [Fact]
    public async Task A_judge_that_knows_scores_1_and_one_that_guesses_scores_a_half()
    {
        var detection = new DetectionScorer();

        var knowing = await detection.Score(ScriptedModel.Looking("cat"), "cats", Active, Silent);
        var saysYes = await detection.Score(ScriptedModel.Looking(""), "cats", Active, Silent);
        var wrong = await detection.Score(ScriptedModel.Looking("dog"), "cats", Active, Silent);

        Assert.Equal((1, 1, 16, 0), (knowing.Sensitivity, knowing.Specificity, knowing.Judged, knowing.Unread));
        Assert.Equal((1, 0, 0.5), (saysYes.Sensitivity, saysYes.Specificity, saysYes.BalancedAccuracy));
        Assert.Equal(0, wrong.BalancedAccuracy);
    }

    [Fact]
    public async Task Detection_shows_no_marks_and_every_text_once_in_a_mixed_order()
    {
        var judge = ScriptedModel.Looking("cat");
        await new DetectionScorer().Score(judge, "words for cats", Active, Silent);

        var texts = judge.Asked.SelectMany(ScriptedModel.Texts).Select(t => t[(t.IndexOf(": ", StringComparison.Ordinal) + 2)..]).ToArray();
        Assert.Equal(16, texts.Distinct().Count());
        Assert.DoesNotContain(texts, t => t.Contains("<<", StringComparison.Ordinal));
        Assert.NotEqual(texts.Order(), texts);
        Assert.All(judge.Asked, c => Assert.StartsWith("Explanation: words for cats\n", c.Messages[1].Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fuzzing_marks_as_many_other_tokens_in_half_of_the_texts()
    {
        var judge = ScriptedModel.Looking("<< cat>>");
        var score = await new FuzzingScorer().Score(judge, "cats", Active, []);

        Assert.Equal((1, 1, 8), (score.Sensitivity, score.Specificity, score.Judged));
        var texts = judge.Asked.SelectMany(ScriptedModel.Texts).ToArray();
        Assert.Equal(4, texts.Count(t => t.Contains("<< cat>>", StringComparison.Ordinal)));
        Assert.All(texts, t => Assert.Equal(1, t.Split("<<").Length - 1));
    }

    [Fact]
    public async Task The_same_seed_asks_the_same_questions()
    {
        ScriptedModel first = ScriptedModel.Looking("cat"), second = ScriptedModel.Looking("cat"), other = ScriptedModel.Looking("cat");
        await new FuzzingScorer().Score(first, "cats", Active, [], seed: 3);
        await new FuzzingScorer().Score(second, "cats", Active, [], seed: 3);
        await new FuzzingScorer().Score(other, "cats", Active, [], seed: 4);

        string[] Words(ScriptedModel model) => [.. model.Asked.Select(c => c.Messages[1].Text)];
        Assert.Equal(Words(first), Words(second));
        Assert.NotEqual(Words(first), Words(other));
    }

    [Theory]
    [InlineData("[1, 0, 1]", 3, true, false, true)]
    [InlineData("Text 1 fits [sic]: so\n```json\n[true, false, true]\n```", 3, true, false, true)]
    [InlineData("[0]", 1, false)]
    public void Verdicts_are_the_last_array(string answer, int count, params bool[] expected) =>
        Assert.Equal(expected, ExplanationScorer.Verdicts(answer, count));

    [Theory]
    [InlineData("[1, 0]")]
    [InlineData("[1, 0, 2]")]
    [InlineData("[1, 0, null]")]
    [InlineData("[1, 0, ")]
    [InlineData("yes, no, yes")]
    [InlineData("] [")]
    public void What_is_no_list_of_verdicts_is_not_guessed_at(string answer) => Assert.Null(ExplanationScorer.Verdicts(answer, 3));

    [Fact]
    public async Task A_verdict_that_cannot_be_read_is_asked_for_again_and_then_counted_as_unread()
    {
        var asked = 0;
        var once = new ScriptedModel(c => ++asked % 2 == 1 ? "well …" : $"[{string.Join(",", ScriptedModel.Texts(c).Select(_ => 1))}]");
        var never = new ScriptedModel(_ => "well …");

        Assert.Equal(0, (await new DetectionScorer().Score(once, "cats", Active, Silent)).Unread);
        var unread = await new DetectionScorer().Score(never, "cats", Active, Silent);
        Assert.Equal((16, 0), (unread.Unread, unread.Judged));
        Assert.True(double.IsNaN(unread.BalancedAccuracy));
    }

    [Fact]
    public async Task Without_both_kinds_there_is_nothing_to_tell_apart()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => new DetectionScorer().Score(ScriptedModel.Looking("a"), "a", Active, []));
        await Assert.ThrowsAsync<ArgumentException>(() => new DetectionScorer().Score(ScriptedModel.Looking("a"), "a", [], Silent));
        await Assert.ThrowsAsync<ArgumentException>(() => new FuzzingScorer().Score(ScriptedModel.Looking("a"), "a", Active[..1], []));
    }
}
