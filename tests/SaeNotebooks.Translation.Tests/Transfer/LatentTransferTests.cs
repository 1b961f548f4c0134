using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Measures;
using SaeNotebooks.Translation.Transfer;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Tests.Transfer;

public class LatentTransferTests
{
    private static readonly string[] Prompts = Draw(30);

    private static string[] Draw(int count)
    {
        var (sampler, rng) = (new PromptSampler(Corpora.Corpus.Grammar, Corpora.Corpus.Wordings), new Rng(8));
        var wordings = sampler.Wordings(TaskKind.Translate, WordingSplit.Train);
        return [.. Enumerable.Range(0, count).Select(_ => sampler.Translation(rng, rng.Pick(PromptSampler.SeenPairs), wordings).Prompt)];
    }

    /// <summary>Each prompt alone: [latent][prompt].</summary>
    private static double[][] Activations(Sae sae)
    {
        var perPrompt = Prompts.Select(prompt =>
        {
            using var scope = NewDisposeScope();
            using var run = TinyModel.Model.Run(prompt, sae.Config.Hook);
            using var latents = sae.Encode(run[sae.Config.Hook][0, -1].unsqueeze(0));
            return latents.ToDense().data<float>().ToArray();
        }).ToArray();
        return [.. Enumerable.Range(0, sae.Width).Select(j => perPrompt.Select(p => (double)p[j]).ToArray())];
    }

    [Fact]
    public void Matches_are_those_of_all_pairs_compared_one_by_one()
    {
        using Sae first = TinyModel.RandomSae(0), second = TinyModel.RandomSae(1);
        int[] latents = [5, 0, 33, 63, 12];
        var (here, there) = (Activations(first), Activations(second));
        var found = LatentTransfer.Of(new(TinyModel.Model, first), latents, new(TinyModel.Model, second), Prompts);
        Assert.Equal(latents, found.Select(f => f.Latent));
        foreach (var match in found)
        {
            var all = there.Select(other => Correlation.Of(here[match.Latent], other)).ToArray();
            Assert.Equal(all.Max(), match.Correlation, 1e-4);
            Assert.Equal(all[match.Match], match.Correlation, 1e-4);
            var back = here.Max(other => Correlation.Of(other, there[match.Match]));
            Assert.Equal(all[match.Match] >= back - 1e-6, match.IsMutual);
        }
        Assert.Contains(found, f => f.Correlation > 0.2);
    }

    [Fact]
    public void A_dictionary_in_another_order_is_recognised()
    {
        using var sae = TinyModel.RandomSae(1);
        long[] order = [.. Enumerable.Range(0, sae.Width).Select(j => (long)((j * 27 + 5) % sae.Width))]; // 27 and 64 have no common divisor
        using var reordered = new Sae(sae.Config, new TopK(12), sae.Encoder.index_select(1, tensor(order)), sae.Decoder.index_select(0, tensor(order)), zeros(sae.Width), zeros(TinyModel.Width));
        var alive = Activations(sae).Index().Where(a => a.Item.Distinct().Count() > 5).Select(a => a.Index).ToArray();
        Assert.NotEmpty(alive);
        Assert.All(LatentTransfer.Of(new(TinyModel.Model, sae), alive, new(TinyModel.Model, reordered), Prompts), found =>
        {
            Assert.Equal(found.Latent, order[found.Match]);
            Assert.Equal(1, found.Correlation, 1e-4);
            Assert.Equal(1, found.Cosine!.Value, 1e-4);
            Assert.True(found.IsMutual && found.IsFound);
        });
    }

    [Fact]
    public void The_control_repeats_and_stays_below_what_a_latent_has_with_itself()
    {
        using var sae = TinyModel.RandomSae(1);
        var side = new LatentSide(TinyModel.Model, sae);
        var varied = Activations(sae).Index().Where(a => a.Item.Distinct().Count() > 10).Select(a => a.Index).Take(4).ToArray();
        Assert.NotEmpty(varied);
        var found = LatentTransfer.Of(side, varied, side, Prompts, seed: 1);
        Assert.Equal(found, LatentTransfer.Of(side, varied, side, Prompts, seed: 1));
        Assert.All(found, f => Assert.InRange(f.ByChance, 0.1, 0.98));
        Assert.NotEqual(found.Select(f => f.ByChance), LatentTransfer.Of(side, varied, side, Prompts, seed: 2).Select(f => f.ByChance));
    }

    [Fact]
    public void A_latent_that_never_changes_correlates_with_nothing()
    {
        using var sae = TinyModel.ExactSae(1);
        using var silent = new Sae(sae.Config, sae.Activation, sae.Encoder.clone(), sae.Decoder.clone(), sae.EncoderBias - 1e6, sae.DecoderBias.clone());
        var found = Assert.Single(LatentTransfer.Of(new(TinyModel.Model, sae), [2], new(TinyModel.Model, silent), Prompts));
        Assert.Equal(0, found.Correlation);
        Assert.False(found.IsFound);
    }

    [Fact]
    public void What_cannot_be_answered_is_refused()
    {
        using var sae = TinyModel.ExactSae(1);
        var side = new LatentSide(TinyModel.Model, sae);
        Assert.Contains("2 prompts", Assert.Throws<ArgumentException>(() => LatentTransfer.Of(side, [1], side, Prompts[..2])).Message);
        Assert.Contains("no latents", Assert.Throws<ArgumentException>(() => LatentTransfer.Of(side, [], side, Prompts)).Message);
        Assert.Contains("no latent 48", Assert.Throws<ArgumentException>(() => LatentTransfer.Of(side, [1, 48], side, Prompts)).Message);
    }
}
