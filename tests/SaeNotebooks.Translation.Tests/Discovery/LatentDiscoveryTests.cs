using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Steering;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Study;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Tests.Discovery;

public class LatentDiscoveryTests
{
    private static readonly Setting EnglishFrench = new("en", "en", "fr");

    [Fact]
    public void The_share_must_be_exceeded_or_reached()
    {
        using var scope = NewDisposeScope();
        using var sae = Identity();
        // Latent 0 in 3 of 5 samples, latent 1 in 4.
        var rows = tensor(new float[,] { { 2, 1 }, { 2, 1 }, { 5, 1 }, { -1, 1 }, { -1, -1 } });
        var recall = Recall.Of(sae, [([0, 1, 2, 3, 4], rows)], 5);
        Assert.Equal([1], Kept(recall, new()));
        Assert.Equal([0, 1], Kept(recall, new() { Strict = false }));
        Assert.Equal(3, recall.Keep(new() { Strict = false })[0].Mean, 1e-6);
        Assert.Equal([0], Kept(recall, new() { Strict = false, MinActivation = 1 }));
        Assert.Equal([0], Kept(recall, new() { Strict = false, Top = 1 }));
    }

    [Fact]
    public void At_any_position_is_more_than_at_each()
    {
        using var scope = NewDisposeScope();
        using var sae = Identity();
        // Latent 0 fires at the first position of two samples and at the second position of the other two.
        Tensor first = tensor(new float[,] { { 1, -1 }, { 1, -1 }, { -1, -1 }, { -1, -1 } }), second = tensor(new float[,] { { -1, -1 }, { -1, -1 }, { 1, -1 }, { 1, -1 } });
        var recall = Recall.Of(sae, [([0, 1, 2, 3], first), ([0, 1, 2, 3], second)], 4);
        Assert.Empty(Kept(recall, new()));
        Assert.Equal([0], Kept(recall, RecallOptions.Paper));
        Assert.Equal(1, recall.Keep(RecallOptions.Paper)[0].Share);
        // A position that only some samples have is measured on those.
        var partly = Recall.Of(sae, [([0, 1], first.narrow(0, 0, 2).clone()), ([0, 1, 2, 3], zeros(4, 2))], 4);
        Assert.Equal([2, 4], partly.Samples);
        Assert.Equal([0], Kept(partly, new()));
    }

    [Fact]
    public void Discovery_agrees_with_single_runs()
    {
        using Sae first = TinyModel.RandomSae(0), second = TinyModel.RandomSae(1);
        var prompts = new CorpusTask(Corpora.Corpus, Corpora.Judge).Prompts(EnglishFrench, PromptUse.Discovery, 4, everyWording: true);
        var options = new RecallOptions { Share = 0.5 };
        var found = new LatentDiscovery(TinyModel.Model, SaeSource.Of([second, first]), options).Run(prompts);
        Assert.Equal([0, 1], found.Select(f => f.Layer));

        foreach (var (layer, sae) in new[] { first, second }.Index())
        {
            var located = prompts.Select(p => LocatedPrompt.Of(TinyModel.Model, p, options.Positions)).ToList();
            var counts = new Dictionary<(int Position, int Latent), int>();
            foreach (var prompt in located)
            {
                using var run = TinyModel.Model.Run(prompt.Ids.ToArray(), Hook.ResidPost(layer));
                using var latents = sae.Encode(run[Hook.ResidPost(layer)]);
                foreach (var (k, token) in prompt.Positions.Index())
                    if (token is { } at)
                        foreach (var (latent, _) in latents.At(at)) counts[(k, latent)] = counts.GetValueOrDefault((k, latent)) + 1;
            }
            var slow = counts.Where(c => c.Value > 0.5 * located.Count(l => l.Positions[c.Key.Position] is not null)).Select(c => c.Key.Latent).Distinct().Order();
            Assert.Equal(slow, found[layer].Latents.Select(l => l.Latent));
            Assert.All(found[layer].Latents, l => Assert.Equal(l.LastRate, l.Consistency.Rho, 1e-6)); // see Consistency
        }
        Assert.Equal(found.SelectMany(f => f.Latents.Select(l => new LatentId(f.Layer, l.Latent))),
            new LatentDiscovery(TinyModel.Model, SaeSource.Of([first, second]), options).Recalled(prompts));
    }

    [Fact]
    public void Downstream_influence_is_that_of_edited_passes()
    {
        using var sae = TinyModel.RandomSae(0);
        var prompts = new CorpusTask(Corpora.Corpus, Corpora.Judge).Prompts(EnglishFrench, PromptUse.Discovery, 3, everyWording: true)
            .Select(p => TinyModel.Model.Encode(p.Text)).ToList();
        int[] latents = [3, 20, 41];
        var measured = new DownstreamInfluence(TinyModel.Model, LatentChange.Multiply(0)).Of(sae, prompts, latents);
        foreach (var (i, latent) in latents.Index())
        {
            using var scope = NewDisposeScope();
            var rows = prompts.Select(p =>
            {
                using var plain = TinyModel.Model.Run(p.ToArray(), Hook.ResidPost(1));
                using var edited = TinyModel.Model.Run(p.ToArray(), Hook.ResidPost(1), Steer.Ablate(sae, latent, Positions.Last));
                return (edited[Hook.ResidPost(1)][0, -1] - plain[Hook.ResidPost(1)][0, -1]).MoveToOuterDisposeScope();
            }).ToList();
            var slow = Consistency.Of(stack(rows), least: 1e-4);
            Assert.Equal(slow.Rho, measured[i].Rho, 1e-3);
            Assert.Equal(slow.Zeros, measured[i].Zeros);
        }
    }

    [Fact]
    public void Recurrence_counts_settings_by_language_in_each_role()
    {
        LatentId everywhere = new(3, 7), onlyFrench = new(4, 1);
        Setting ToFrench(string prompt) => new(prompt, "en", "fr");
        Setting ToGerman(string prompt) => new(prompt, "en", "de");
        var found = Recurrence.Of([(ToFrench("en"), [everywhere, onlyFrench]), (ToFrench("vi"), [everywhere, onlyFrench]), (ToGerman("en"), [everywhere]), (ToGerman("vi"), [everywhere])]);
        Assert.Equal([everywhere, onlyFrench], found.Select(f => f.Id));
        Assert.Equal((4, 1.0), (found[0].Settings, found[0].Least));
        Assert.Equal((1.0, 0.0), (found[1].ByTo["fr"], found[1].ByTo["de"]));
        Assert.Equal(0.5, found[1].ByPrompt["vi"]);
        Assert.Equal(0, found[1].Least);
    }

    [Fact]
    public void SAEs_at_other_hooks_are_refused() =>
        Assert.Contains("hook_mlp_out", Assert.Throws<ArgumentException>(() => new SaeSource([Hook.MlpOut(0)], _ => null!)).Message);

    private static IEnumerable<int> Kept(Recall recall, RecallOptions options) => recall.Keep(options).Select(r => r.Latent);

    private static Sae Identity() => new(new() { Hook = Hook.ResidPost(0), ModelName = "synthetic", SubtractDecoderBias = false }, new Relu(), eye(2), eye(2), zeros(2), zeros(2));
}
