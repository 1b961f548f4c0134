using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Steering;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Evaluation;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Switch;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Tests.Switch;

public class SwitchTests
{
    private static readonly SwitchOptions Small = new()
    {
        PatchCases = 3, DiscoveryPrompts = 12, Candidates = 6, EffectPrompts = 6, Chosen = 3, SelectionPrompts = 4, TestPrompts = 5, ControlDraws = 5,
    };

    [Fact]
    public void The_whole_search_runs_and_reports()
    {
        using Sae first = TinyModel.RandomSae(0), second = TinyModel.RandomSae(1);
        var report = SwitchExperiment.Run(TinyModel.Model, "untrained", Corpora.Corpus, [first, second], Small);
        Assert.Equal([0, 1], report.Layers.Select(l => l.Layer));
        Assert.InRange(report.Latents.Count, 1, Small.Chosen);
        Assert.Equal(Small.ControlDraws, report.Ablation!.Controls.Count);
        Assert.Equal(Small.TestPrompts, report.Ablation.Outcomes.Values.Sum());
        Assert.Equal(12, report.Amplification!.Tried.Count);
        Assert.Equal(Small.ControlDraws, report.Insertion!.Controls.Count);
        var json = CardFile.ToJson(report);
        Assert.Equal(json, CardFile.ToJson(CardFile.FromJson<SwitchReport>(json)));
        Assert.All(["**Ablated**", "**Raised**", "**Amplified**"], heading => Assert.Contains(heading, SwitchMarkdown.Render(report)));
        Assert.Equal(json, CardFile.ToJson(SwitchExperiment.Run(TinyModel.Model, "untrained", Corpora.Corpus, [first, second], Small)));
    }

    [Fact]
    public void An_SAE_at_another_hook_is_refused()
    {
        using var sae = TinyModel.RandomSae(0);
        using var other = new Sae(sae.Config with { Hook = Hook.MlpOut(0) }, sae.Activation, sae.Encoder.clone(), sae.Decoder.clone(), sae.EncoderBias.clone(), sae.DecoderBias.clone());
        Assert.Contains("hook_mlp_out", Assert.Throws<ArgumentException>(() => SwitchExperiment.Run(TinyModel.Model, "x", Corpora.Corpus, [other], Small)).Message);
    }

    [Fact]
    public void Captured_last_tokens_are_those_of_single_runs()
    {
        HookName[] hooks = [Hook.ResidPost(0), Hook.ResidPost(1)];
        var prompts = Prompts(7).Select(p => TinyModel.Model.Encode(p.Prompt)).ToList();
        using var captured = TokenRows.Last(TinyModel.Model, prompts, hooks, CancellationToken.None);
        Assert.Equal([2, 7, TinyModel.Width], captured.shape);
        foreach (var (h, hook) in hooks.Index())
            foreach (var (i, prompt) in prompts.Index())
            {
                using var scope = NewDisposeScope();
                using var run = TinyModel.Model.Run(prompt.ToArray(), hook);
                Assert.True(run[hook][0, -1].allclose(captured[h, i], 1e-4, 1e-4));
            }
    }

    [Fact]
    public void The_effect_in_closed_form_is_that_of_the_steering_edits()
    {
        const int FirstTokens = 2;
        using var sae = TinyModel.RandomSae(0);
        var documents = Prompts(6);
        var prompts = documents.Select(d => TinyModel.Model.Encode(d.Prompt)).ToList();
        var answers = documents.Select(d => TinyModel.Model.Encode(d.Answer, bos: false)).ToList();
        int[] candidates = [.. Enumerable.Range(0, 64)];
        using var residuals = TokenRows.Last(TinyModel.Model, prompts, [Hook.ResidPost(0)], CancellationToken.None);
        using var latents = sae.Encode(residuals[0]);
        // Half of the prompts are ablated, which should cost something; on the others every latent is raised by 0.5, which should gain something.
        bool IsAblated(int i) => i % 2 == 0;
        var cases = prompts.Select((p, i) => new EffectCase(p, answers[i], [.. candidates.Select(c => IsAblated(i) ? -latents[c][i] : 0.5f)], IsAblated(i) ? -0.2 : 0.3)).ToList();
        using var effects = new CausalEffects(TinyModel.Model, sae, cases, candidates, FirstTokens, CancellationToken.None);

        double[] oneByOne = [.. effects.OneByOne];
        foreach (var latent in new[] { Array.IndexOf(oneByOne, oneByOne.Max()), Array.IndexOf(oneByOne, oneByOne.Min()), 11 })
            Assert.Equal(Slow([latent]), oneByOne[latent], 1e-5);
        var (chosen, effect) = effects.Greedy(3);
        Assert.Equal(Slow(chosen), effect, 1e-5);
        Assert.Equal(Array.IndexOf(oneByOne, oneByOne.Max()), chosen[0]);

        double Slow(IReadOnlyList<int> moved) => prompts.Zip(answers).Index().Sum(p =>
        {
            var (i, (prompt, answer)) = p;
            var last = Positions.At(prompt.Count - 1);
            Edit edit = IsAblated(i) ? Steer.Ablate(sae, moved, last) : Steer.Add(sae, [.. moved.Select(j => (j, 0.5))], last);
            return cases[i].Weight * (LogProb(prompt, answer, edit) - LogProb(prompt, answer, Edits.None));
        });

        double LogProb(IReadOnlyList<int> prompt, IReadOnlyList<int> answer, Edits edits)
        {
            var loss = NextTokenLoss.Of(TinyModel.Model, [[.. prompt, .. answer]], edits)[0];
            return -loss.Skip(prompt.Count - 1).Take(FirstTokens).Average();
        }
    }

    [Fact]
    public void Raising_brings_each_latent_to_its_mean_into_the_language_and_leaves_it_above()
    {
        using var sae = TinyModel.RandomSae(0);
        var documents = Prompts(20);
        using var residuals = TokenRows.Last(TinyModel.Model, [.. documents.Select(d => TinyModel.Model.Encode(d.Prompt))], [Hook.ResidPost(0)], CancellationToken.None);
        using var first = residuals[0];
        var statistics = PromptEndStatistics.Of(sae, first, documents);
        using var latents = sae.Encode(first);
        int[] moved = [3, 20, 41];
        using var moves = Raising.Moves(TinyModel.Model, sae, statistics, [.. documents.Select(d => (d, d.Target))], moved, 1.5, CancellationToken.None);
        foreach (var (i, document) in documents.Index())
            foreach (var (c, j) in moved.Index())
            {
                var mean = documents.Index().Where(d => d.Item.Target == document.Target).Average(d => latents[j][d.Index]);
                Assert.Equal(Math.Max(latents[j][i], 1.5 * mean), latents[j][i] + moves[i, c].item<float>(), 1e-4);
            }
        using var written = Raising.Written(sae, moves, moved);
        using var one = sae.Direction(20);
        Assert.True((written[0] - moves[0, 0] * sae.Decoder[3] - moves[0, 2] * sae.Decoder[41]).allclose(moves[0, 1] * one, 1e-4, 1e-5));
    }

    [Fact]
    public void Patching_all_of_the_last_layer_gives_the_donors_first_token()
    {
        var examiner = new Examiner(TinyModel.Model, Corpora.Judge) { MaxNewTokens = 1 };
        var (donors, receivers) = (Prompts(6, seed: 1), Prompts(6, seed: 2));
        using var residuals = TokenRows.Last(TinyModel.Model, [.. donors.Select(d => TinyModel.Model.Encode(d.Prompt))], [Hook.ResidPost(1)], CancellationToken.None);
        using var given = residuals[0];
        var patched = examiner.Answer(receivers, Edit.Replace(Hook.ResidPost(1), given, Positions.Last));
        Assert.Equal(examiner.Answer(donors).Select(a => a.Text), patched.Select(a => a.Text));
    }

    [Fact]
    public void Controls_are_near_in_rate_and_norm_and_never_the_chosen()
    {
        using var scope = NewDisposeScope();
        using var sae = TinyModel.RandomSae(0);
        var documents = Prompts(40);
        using var residuals = TokenRows.Last(TinyModel.Model, [.. documents.Select(d => TinyModel.Model.Encode(d.Prompt))], [Hook.ResidPost(0)], CancellationToken.None);
        var statistics = PromptEndStatistics.Of(sae, residuals[0], documents);
        using var latents = sae.Encode(residuals[0]);
        Assert.Equal(latents[20].Count(a => a > 0) / 40.0, statistics.Translation.Rates[20], 1e-6);
        Assert.Equal(latents[20].Average() * sae.Decoder[20].norm().item<float>(), statistics.Translation.Norms[20], 1e-4);

        int[] chosen = [3, 20, 41];
        var draws = MatchedControls.Draw(statistics.Translation.Rates, statistics.Translation.Norms, chosen, 6, new Rng(1));
        Assert.Equal(6, draws.Count);
        Assert.All(draws, d => Assert.Equal(3, d.Distinct().Count()));
        Assert.All(draws, d => Assert.Empty(d.Intersect(chosen)));
    }

    private static List<Document> Prompts(int count, ulong seed = 4)
    {
        var (sampler, rng) = (new PromptSampler(Corpora.Grammar, Corpora.Corpus.Wordings), new Rng(seed));
        var wordings = sampler.Wordings(TaskKind.Translate, WordingSplit.Train);
        return [.. Enumerable.Range(0, count).Select(_ => sampler.Translation(rng, rng.Pick(PromptSampler.SeenPairs), wordings))];
    }
}
