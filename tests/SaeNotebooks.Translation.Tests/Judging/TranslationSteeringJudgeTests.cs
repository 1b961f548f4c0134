using SaeNotebooks.Generation;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Evaluation;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Judging;

namespace SaeNotebooks.Translation.Tests.Judging;

public class TranslationSteeringJudgeTests
{
    private static readonly PromptSampler Sampler = new(Corpora.Grammar, Corpora.Corpus.Wordings);
    private static readonly List<Document> Prompts = Draw();

    private static List<Document> Draw()
    {
        var (rng, wordings) = (new Rng(7), Sampler.Wordings(TaskKind.Translate, WordingSplit.Train));
        return [.. Enumerable.Range(0, 20).Select(_ => Sampler.Translation(rng, (Language.English, Language.French), wordings))];
    }

    private static GeneratedText Text(string text) => new([], [], text, FinishReason.StopToken);

    [Fact]
    public async Task A_right_answer_is_rated_best_a_copy_has_nothing_of_the_concept()
    {
        var judge = new TranslationSteeringJudge(TinyModel.Model, Corpora.Judge, Prompts);
        // Which right answers are fluent is what the perplexities of them all say.
        double[] perplexities = [.. Prompts.Select(p => Math.Exp(NextTokenLoss.Of(TinyModel.Model, [TinyModel.Model.Encode(p.Answer.Trim())])[0].Average()))];
        Assert.Equal(perplexities.Order().ElementAt(18), judge.FluentUpTo, 1e-2); // the 95th percentile of 20
        foreach (var (prompt, perplexity) in Prompts.Zip(perplexities))
        {
            var rating = await judge.Rate(prompt.Prompt, "translation", Text(prompt.Answer), TestContext.Current.CancellationToken);
            Assert.Equal(new(2, 2, perplexity <= judge.FluentUpTo ? 2 : 1), rating);
        }
        var source = string.Concat(Prompts[0].Segments.Where(s => s.Role == Role.Source).Select(s => s.Text));
        Assert.Equal((0, 0), await Of(source));
        Assert.Equal((2, 1), await Of(Prompts.First(p => p.Answer != Prompts[0].Answer).Answer)); // French, of another sentence
        Assert.Equal(new(0, 0, 0), await judge.Rate(Prompts[0].Prompt, "translation", Text(""), TestContext.Current.CancellationToken));

        async Task<(int, int)> Of(string text) => await judge.Rate(Prompts[0].Prompt, "translation", Text(text), TestContext.Current.CancellationToken) is var r ? (r.Concept, r.Instruction) : default;
    }

    [Fact]
    public async Task Prompts_of_other_tasks_or_unknown_ones_are_refused()
    {
        var rng = new Rng(8);
        var other = Sampler.Prompt(rng, TaskKind.Repeat, Sampler.Wordings(TaskKind.Repeat, WordingSplit.Train));
        Assert.Contains("1 of them of other tasks", Assert.Throws<ArgumentException>(() => new TranslationSteeringJudge(TinyModel.Model, Corpora.Judge, [Prompts[0], other])).Message);
        var judge = new TranslationSteeringJudge(TinyModel.Model, Corpora.Judge, Prompts);
        Assert.Contains("none of those that this judge knows", (await Assert.ThrowsAsync<ArgumentException>(() => judge.Rate("Say hello.", "translation", Text("bonjour")))).Message);
    }
}
