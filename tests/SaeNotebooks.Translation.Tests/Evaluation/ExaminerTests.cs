using SaeNotebooks.Hooks;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Switch;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Tests.Evaluation;

public class ExaminerTests
{
    [Fact]
    public void In_batches_each_prompt_gets_its_own_edit()
    {
        var examiner = new Examiner(TinyModel.Model, Corpora.Judge) { MaxNewTokens = 6, BatchSize = 5 };
        var (sampler, rng) = (new PromptSampler(Corpora.Grammar, Corpora.Corpus.Wordings), new Rng(3));
        var wordings = sampler.Wordings(TaskKind.Translate, WordingSplit.Train);
        var prompts = Enumerable.Range(0, 12).Select(_ => sampler.Translation(rng, rng.Pick(PromptSampler.AllPairs), wordings)).ToList();
        using var vectors = randn(12, TinyModel.Width, generator: manual_seed(2)) * 20;

        var together = examiner.Answer(prompts, LastTokens.Add(Hook.ResidPost(1), vectors, Positions.Last));
        for (var i = 0; i < prompts.Count; i++)
        {
            using var own = vectors.narrow(0, i, 1);
            var alone = examiner.Answer([prompts[i]], LastTokens.Add(Hook.ResidPost(1), own, Positions.Last));
            Assert.Equal(alone[0].Text, together[i].Text);
            Assert.Same(prompts[i], together[i].Prompt);
        }
        Assert.NotEqual(examiner.Answer(prompts).Select(a => a.Text), together.Select(a => a.Text));
    }
}
