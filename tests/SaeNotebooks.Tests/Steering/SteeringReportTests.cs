using SaeNotebooks.Analysis;
using SaeNotebooks.Generation;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Steering;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Steering;

/// <summary>What is said about an edit's effect, against sums over the vocabulary in plain C#.</summary>
public sealed class SteeringReportTests : IDisposable
{
    private static readonly int[] Prompt = SteeringLab.Prompt;
    private readonly SteeringLab _lab = new();

    public void Dispose() => _lab.Dispose();

    /// <summary>[pos][vocab], in double precision.</summary>
    private double[][] Probabilities(IReadOnlyList<int> prompt, Edits edits)
    {
        using var run = _lab.Model.Run(new TokenBatch([prompt]), edits: edits);
        return [.. run.Logits.data<float>().ToArray().Chunk(_lab.Model.Config.VocabSize).Select(row =>
        {
            var sum = row.Sum(x => Math.Exp(x - row.Max()));
            return row.Select(x => Math.Exp(x - row.Max()) / sum).ToArray();
        })];
    }

    [Fact]
    public void Next_tokens_before_and_after()
    {
        using var sae = _lab.RandomSae("standard");
        Edits edit = Steer.Add(sae, 5, 8);
        var shift = NextTokenShift.Of(_lab.Model, Prompt, edit, top: 4);
        var (p, q) = (Probabilities(Prompt, Edits.None)[^1], Probabilities(Prompt, edit)[^1]);
        var order = Enumerable.Range(0, p.Length).OrderByDescending(i => Math.Abs(q[i] - p[i])).Take(4).ToArray();
        Assert.Equal(order, shift.Movers.Select(m => m.Token.Id));
        Assert.All(shift.Movers, m => Assert.Equal(q[m.Token.Id] - p[m.Token.Id], m.Change, 1e-5));
        Assert.Equal(p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum(), shift.Divergence, 1e-4);
        Assert.Equal(p.Zip(q, (a, b) => Math.Abs(a - b)).Sum() / 2, shift.TotalVariation, 1e-5);
        Assert.Equal((Array.IndexOf(p, p.Max()), Array.IndexOf(q, q.Max())), (shift.Before.Token.Id, shift.After.Token.Id));
        Assert.Contains("KL", shift.ToText());
        Assert.Throws<ArgumentOutOfRangeException>(() => NextTokenShift.Of(_lab.Model, Prompt, edit, top: 0));
    }

    [Fact]
    public void What_an_edit_costs_on_texts()
    {
        using var sae = _lab.RandomSae("standard");
        Edits edit = Steer.Add(sae, 5, 3);
        int[][] texts = [Prompt, [2, 8, 9], [2, 250, 4, 4, 4]];
        var costs = EditCost.OfAll(_lab.Model, texts, edit);
        foreach (var (text, cost) in texts.Zip(costs))
        {
            var (p, q) = (Probabilities(text, Edits.None), Probabilities(text, edit));
            for (var i = 0; i < text.Length - 1; i++)
            {
                Assert.Equal(-Math.Log(p[i][text[i + 1]]), cost.Before[i], 1e-4);
                Assert.Equal(-Math.Log(q[i][text[i + 1]]), cost.After[i], 1e-4);
                Assert.Equal(p[i].Zip(q[i], (a, b) => a * Math.Log(a / b)).Sum(), cost.Divergences[i], 1e-4);
            }
            Assert.Equal(text.Length, cost.Strip().Values.Count);
        }
        var free = EditCost.OfAll(_lab.Model, texts, Steer.Multiply(sae, 5, 1))[0];
        Assert.Equal((free.LossBefore, 0), (free.LossAfter, free.Divergence));
        Assert.Throws<ArgumentException>(() => EditCost.OfAll(_lab.Model, [[2]], edit));

        Edits[] several = [Steer.Ablate(sae, 7), edit];
        foreach (var (alone, shared) in several.Select(e => EditCost.OfAll(_lab.Model, texts, e)).Zip(EditCost.OfEach(_lab.Model, texts, several)))
            Assert.Equal(alone.SelectMany(c => c.After.Concat(c.Divergences)), shared.SelectMany(c => c.After.Concat(c.Divergences)));
    }

    [Fact]
    public void Texts_side_by_side_mark_what_the_unedited_model_does_not_write()
    {
        GeneratedText Text(string text) => new(Prompt, [], text, FinishReason.Length);
        var texts = new SteeredTexts(["Say <it>:"], [Text("The cat sleeps.")], [("doubled", [Text("The dog sleeps & runs.")]), ("none", [Text("The cat sleeps.")])]);
        Assert.Equal("Say <it>:\nunedited  The cat sleeps.\ndoubled   The [dog] sleeps [&] [runs].\nnone      The cat sleeps.", texts.ToText());
        Assert.Contains("Say &lt;it&gt;:", texts.ToHtml());
        Assert.Contains(">dog</mark>", texts.ToHtml());
        Assert.Equal(3, texts.ToHtml().Split("<mark").Length - 1);

        var doses = new DoseTexts([2, 4], new(["a", "b"], [Text("x"), Text("y")], [("dose 2", [Text("x"), Text("z")]), ("dose 4", [Text("zz"), Text("z")])]));
        var response = doses.Response("length", (prompt, text) => text.Text.Length + 10 * prompt);
        Assert.Equal([6, 6.5], response.Means);
        Assert.Equal([0, 0.5], response.Changes);
        Assert.Equal([0, 0.5], response.StandardErrors);
        Assert.Equal("z", doses[0, 1].Text);
    }

    [Fact]
    public void Steering_leaves_no_native_memory_behind()
    {
        using var sae = _lab.RandomSae("jumprelu", "layer_norm");
        using var direction = ones(48);
        Edits edits = new Edit[] { Steer.Together(Steer.Multiply(sae, [3, 4], 2), Steer.AtLeast(sae, [(5, 1), (6, Coefficient.OfNorm(0.1))])),
            Steer.Clamp(sae, 9, 1, error: ErrorTerm.Dropped), Steer.AtMost(SteeringLab.Residual, direction, Dose.Each([1, 2])) };
        IReadOnlyList<int>[] prompts = [Prompt, Prompt[..3]];
        void Once()
        {
            _lab.Model.GenerateAll(prompts, new GenerationOptions { MaxNewTokens = 3, StopTokens = [] }, edits);
            _lab.Model.GenerateAll(prompts, new GenerationOptions { MaxNewTokens = 3, StopTokens = [], Decoding = Decoding.Recomputed }, edits);
            _lab.Model.GenerateEach(prompts, [Edits.None, edits], new GenerationOptions { MaxNewTokens = 3, StopTokens = [] });
            Metric.AnswerLogProbability.Of(_lab.Model, TokenBatch.WithAnswers(prompts, [[5], [6, 7]]), edits);
            NextTokenShift.Of(_lab.Model, Prompt, Steer.Ablate(sae, 3));
            EditCost.OfAll(_lab.Model, prompts, Steer.Ablate(sae, 3));
        }

        Once();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = LiveTensors.Count();
        for (var i = 0; i < 5; i++) Once();
        Assert.Equal(before, Tensor.TotalCount);
    }
}
