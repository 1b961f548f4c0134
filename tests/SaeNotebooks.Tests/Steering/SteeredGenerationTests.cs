using SaeNotebooks.Analysis;
using SaeNotebooks.Generation;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Steering;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Steering;

/// <summary>Steering in the prompt's pass and in decode steps, with a dose for each prompt, and with given answers.</summary>
public sealed class SteeredGenerationTests : IDisposable
{
    private static readonly int[] Prompt = SteeringLab.Prompt;
    private static readonly GenerationOptions Twelve = new() { MaxNewTokens = 12, StopTokens = [] };
    private static readonly List<IReadOnlyList<int>> Prompts = [Prompt, [2, 9, 8], [2, 30, 31, 32, 33], Prompt[..4], [2, 100, 7, 250, 19, 3]];
    private readonly SteeringLab _lab = new();

    public void Dispose() => _lab.Dispose();

    private HookedTransformer Model => _lab.Model;

    /// <summary>The slow readable twin: the whole text again for every token, with the edit at absolute positions.</summary>
    private List<int> Slow(Func<Positions, Edit> edit, Func<int, int, bool> selects)
    {
        List<int> ids = [.. Prompt];
        for (var i = 0; i < Twelve.MaxNewTokens; i++)
        {
            int[] at = [.. Enumerable.Range(0, ids.Count).Where(p => selects(p, ids.Count))];
            using var run = Model.Run(new TokenBatch([ids]), edits: at.Length == 0 ? Edits.None : edit(Positions.At(at)));
            using var next = run.Logits[0, -1].argmax();
            ids.Add((int)next.item<long>());
        }
        return ids[Prompt.Length..];
    }

    [Theory, InlineData(Decoding.Cached), InlineData(Decoding.Recomputed)]
    public void Positions_mean_the_same_in_the_prompts_pass_and_in_every_decode_step(Decoding decoding)
    {
        using var sae = _lab.RandomSae("jumprelu");
        var n = Prompt.Length;
        Edit At(Positions positions) => Steer.AtLeast(sae, [(5, 9), (40, 7)], positions);
        List<int> Fast(Positions positions) => [.. Model.Generate(Prompt, Twelve with { Decoding = decoding }, At(positions)).Ids];
        Assert.Equal(Slow(At, (_, _) => true), Fast(Positions.All));
        Assert.Equal(Slow(At, (i, _) => i > 0), Fast(Positions.AllButBos));
        Assert.Equal(Slow(At, (i, _) => i < n), Fast(Positions.Prompt));
        Assert.Equal(Slow(At, (i, _) => i > 0 && i < n), Fast(Positions.Prompt & Positions.AllButBos));
        Assert.Equal(Slow(At, (i, _) => i >= n), Fast(Positions.Generated));
        Assert.Equal(Slow(At, (i, _) => i == n - 1), Fast(Positions.Last));
        Assert.Equal(Slow(At, (i, _) => i >= n - 1), Fast(Positions.LastAndGenerated));
        Assert.Equal(decoding == Decoding.Cached ? Fast(Positions.LastAndGenerated) : Slow(At, (i, length) => i == length - 1), Fast(Positions.Newest));
        Assert.Equal(6, new[] { Positions.All, Positions.Prompt, Positions.Generated, Positions.Last, Positions.LastAndGenerated, Positions.At() }
            .Select(p => string.Join(",", Fast(p))).Distinct().Count());
    }

    [Fact]
    public void The_newest_token_alone_is_another_edit_without_a_cache()
    {
        using var sae = _lab.RandomSae("jumprelu");
        var edit = Steer.AtLeast(sae, [(5, 9), (40, 7)], Positions.Newest);
        Assert.NotEqual(Model.Generate(Prompt, Twelve, edit).Ids, Model.Generate(Prompt, Twelve with { Decoding = Decoding.Recomputed }, edit).Ids);
    }

    [Fact]
    public void Recomputed_batches_shrink_as_cached_ones_do()
    {
        var stop = Model.Generate(Prompts[1], Twelve).Tokens[2].Id;
        var options = Twelve with { StopTokens = [stop, Model.Generate(Prompts[2], Twelve).Tokens[5].Id] };
        var (cached, again) = (Model.GenerateAll(Prompts, options), Model.GenerateAll(Prompts, options with { Decoding = Decoding.Recomputed }));
        Assert.True(cached.Select(t => t.Tokens.Count).Distinct().Count() > 1);
        Assert.Equal(cached.SelectMany(t => t.Ids), again.SelectMany(t => t.Ids));
    }

    /// <summary>A dose for each prompt follows its prompt through batches that are ordered by length.</summary>
    [Fact]
    public void A_dose_for_each_prompt_is_that_dose_on_that_prompt_alone()
    {
        using var sae = _lab.RandomSae("standard");
        using var direction = randn(48, generator: manual_seed(3));
        double[] doses = [0, 0.4, 0.9, -0.3, 0.6];
        Edits Edit(Dose dose) => new Edit[] { Steer.Add(sae, 5, Coefficient.OfMax(dose, 15)), Steer.Multiply(sae, 17, dose), Steer.Clamp(SteeringLab.Residual, direction, Coefficient.OfNorm(dose)) };
        var together = Model.GenerateAll(Prompts, Twelve with { BatchSize = 2 }, Edit(Dose.Each(doses)));
        for (var i = 0; i < doses.Length; i++) Assert.Equal(Model.Generate(Prompts[i], Twelve, Edit(doses[i])).Ids, together[i].Ids);
        var others = Model.GenerateAll(Prompts, Twelve, Edit(Dose.Each(doses.Reverse())));
        Assert.True(together.Zip(others).Count(t => !t.First.Ids.SequenceEqual(t.Second.Ids)) >= 3, "doses of other prompts give the same texts, so nothing was tested");

        Assert.Contains("6 doses, one for each prompt, and there are 5", Assert.Throws<ArgumentException>(() => Model.GenerateAll(Prompts, Twelve, Edit(Dose.Each([.. doses, 1])))).Message);
        Assert.Contains("4 doses", Assert.Throws<ArgumentException>(() => Model.GenerateAll(Prompts, Twelve, Edit(Dose.Each(doses[..4])))).Message);
        Assert.Contains("5 doses", Assert.Throws<ArgumentException>(() => Model.Run(Prompt, edits: Edit(Dose.Each(doses)))).Message);
    }

    /// <summary>Each edit, also one that has something for every prompt, sees its own prompts alone, whatever else is in the batch.</summary>
    [Theory, InlineData(0), InlineData(0.8)]
    public void Several_edits_in_shared_batches_are_one_generation_each(double temperature)
    {
        using var sae = _lab.RandomSae("jumprelu");
        using var vectors = randn([Prompts.Count, 48], generator: manual_seed(4));
        Edit ByPrompt(double factor) => Edit.Custom(SteeringLab.Residual, (x, at) =>
        {
            Assert.Equal(Prompts.Count, at.PromptCount);
            var factors = at.Prompts.Select((prompt, row) => (float)(factor * prompt * (at.Place(row, at.Columns[^1]) is { PromptLength: var length } ? length : 0)));
            return x + tensor([.. factors], [at.Prompts.Count, 1, 1]);
        });
        Edits[] edits = [Edits.None, Steer.AtLeast(sae, [(5, 9), (40, 7)], Positions.Last), Edit.Replace(Hook.ResidPost(0), vectors, Positions.At(-1)),
            new[] { ByPrompt(0.1), Steer.Multiply(sae, 17, Dose.Each([0, 3, 6, 9, 12]), Positions.Generated) }, Steer.AtLeast(sae, [(5, 9)])];
        var options = Twelve with { BatchSize = 4, Temperature = temperature };
        var together = Model.GenerateEach(Prompts, edits, options);
        foreach (var (alone, shared) in edits.Select(e => Model.GenerateAll(Prompts, options, e)).Zip(together))
            Assert.Equal(alone.SelectMany(t => t.Ids), shared.SelectMany(t => t.Ids));
        Assert.Equal(edits.Length, together.Select(texts => string.Join(",", texts.SelectMany(t => t.Ids))).Distinct().Count());

        var odd = Edit.Custom(SteeringLab.Residual, (x, _) => x.narrow(2, 0, 3));
        Assert.Contains("expected [", Assert.Throws<InvalidOperationException>(() => Model.GenerateEach(Prompts, [Edits.None, odd], options)).Message);
        Assert.Equal(2, Model.GenerateEach(Array.Empty<IReadOnlyList<int>>(), [Edits.None, odd]).Count);
    }

    [Fact]
    public void A_sweep_in_one_batch_is_one_run_per_dose_and_prompt()
    {
        using var sae = _lab.RandomSae("topk");
        double[] doses = [0, 0.5, 1, 6];
        var response = DoseSweep.Measure(Model, new TokenBatch(Prompts), doses, dose => Steer.Multiply(sae, [3, 17, 40], dose), Metric.Logit(7, minus: 250));
        for (var d = 0; d < doses.Length; d++)
            for (var p = 0; p < Prompts.Count; p++)
            {
                using var run = Model.Run(new TokenBatch([Prompts[p]]), edits: Steer.Multiply(sae, [3, 17, 40], doses[d]));
                Assert.Equal((run.Logits[0, -1, 7] - run.Logits[0, -1, 250]).item<float>(), response.Values[d][p], 1e-4);
            }
        Assert.Equal(response.Unedited.Select(v => Math.Round(v, 4)), response.Values[2].Select(v => Math.Round(v, 4)));
        Assert.Equal(response.Values[3].Zip(response.Unedited, (a, b) => a - b).Average(), response.Changes[3], 1e-9);

        var answered = TokenBatch.WithAnswers(Prompts, [[4, 5, 6], [7], [9, 9], [250, 3], [8]]);
        var onAnswers = DoseSweep.Measure(Model, answered, doses, dose => Steer.Multiply(sae, [3, 17, 40], dose, Positions.LastAndGenerated), Metric.AnswerLogProbability);
        for (var d = 0; d < doses.Length; d++)
        {
            var alone = Metric.AnswerLogProbability.Of(Model, answered, Steer.Multiply(sae, [3, 17, 40], doses[d], Positions.LastAndGenerated));
            for (var p = 0; p < Prompts.Count; p++) Assert.Equal(alone[p], onAnswers.Values[d][p], 1e-3);
        }
        Assert.Throws<ArgumentException>(() => DoseSweep.Measure(Model, new TokenBatch(Prompts), [], dose => Steer.Multiply(sae, 3, dose), Metric.Logit(7)));
    }

    /// <summary>With its own answer given, a steered model predicts each token of it as it did when it wrote it.</summary>
    [Fact]
    public void Given_answers_are_edited_where_generated_ones_are()
    {
        using var sae = _lab.RandomSae("jumprelu");
        foreach (var positions in new[] { Positions.Last, Positions.Generated, Positions.LastAndGenerated, Positions.Prompt, Positions.At(-2) })
        {
            var edit = Steer.AtLeast(sae, [(5, 9), (40, 7)], positions);
            var answers = Model.GenerateAll(Prompts, Twelve, edit).Select(t => (IReadOnlyList<int>)[.. t.Ids]).ToList();
            using var run = Model.Run(TokenBatch.WithAnswers(Prompts, answers), edits: edit);
            using var best = run.Logits.argmax(-1);
            for (var i = 0; i < Prompts.Count; i++)
                for (var t = 0; t < answers[i].Count; t++) Assert.Equal(answers[i][t], best[i, Prompts[i].Count - 1 + t].item<long>());
        }
        Assert.Throws<ArgumentException>(() => TokenBatch.WithAnswers(Prompts, [[1]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Model.Run(TokenBatch.WithAnswers([[2, 9, 8]], [[4, 5]]), edits: Steer.Ablate(sae, 3, Positions.At(3))));
    }

    [Fact]
    public void Metrics_are_read_at_the_end_of_each_prompt_whatever_the_batch()
    {
        List<IReadOnlyList<int>> answers = [[4, 5, 6], [7], [], [250, 3], [8, 8, 8, 8]];
        double LogP(IReadOnlyList<int> before, int token)
        {
            using var run = Model.Run(new TokenBatch([before]));
            using var p = run.Logits[0, -1].log_softmax(-1);
            return p[token].item<float>();
        }

        double Slow(int i) => answers[i].Select((token, t) => LogP([.. Prompts[i], .. answers[i].Take(t)], token)).Sum();
        var batch = TokenBatch.WithAnswers(Prompts, answers);
        var (sums, first) = (Metric.AnswerLogProbability.Of(Model, batch), Metric.LogProbability(9).Of(Model, batch));
        for (var i = 0; i < Prompts.Count; i++)
        {
            Assert.Equal(Slow(i), sums[i], 1e-3);
            Assert.Equal(LogP(Prompts[i], 9), first[i], 1e-4);
        }
        foreach (var laidOut in new[] { new TokenBatch(Prompts), new TokenBatch(Prompts, Padding.Left), new TokenBatch(Prompts.Select(p => (IReadOnlyList<int>)[.. p.Take(3)])) })
        {
            var each = Metric.Logit(9, minus: 4).Of(Model, laidOut);
            for (var i = 0; i < Prompts.Count; i++)
                Assert.Equal(LogP(laidOut.Prompts[i], 9) - LogP(laidOut.Prompts[i], 4), each[i], 1e-4);
        }
        foreach (var (split, row) in batch.Split(12).Concat(new TokenBatch(Prompts).Split(12)).SelectMany(b => b.Indices.Select((_, row) => (b, row))))
        {
            Assert.InRange(split.Prompts.Count * split.Width, 1, 12);
            Assert.Equal(Prompts[split.Indices[row]], split.Prompts[row].Take(split.PromptLength(row)));
        }
        Assert.Contains("WithAnswers", Assert.Throws<ArgumentException>(() => Metric.AnswerLogProbability.Of(Model, Prompt)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Metric.Logit(320).Of(Model, Prompt));
        Assert.Contains("expected [1]", Assert.Throws<InvalidOperationException>(() => Metric.Custom("odd", x => x).Of(Model, Prompt)).Message);
    }
}
