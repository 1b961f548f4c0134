using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Discovery;
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

    private static LatentSide Side(HookedTransformer model, params Sae[] saes) => new(model == TinyModel.Model ? "untrained" : "wider", model, SaeSource.Of(saes));

    /// <summary>Each prompt alone, by latent.</summary>
    private static Dictionary<LatentId, double[]> Activations(HookedTransformer model, params Sae[] saes)
    {
        var found = new Dictionary<LatentId, double[]>();
        foreach (var sae in saes)
        {
            var perPrompt = Prompts.Select(prompt =>
            {
                using var scope = NewDisposeScope();
                using var run = model.Run(prompt, sae.Config.Hook);
                using var latents = sae.Encode(run[sae.Config.Hook][0, -1].unsqueeze(0));
                return latents.ToDense().data<float>().ToArray();
            }).ToArray();
            for (var j = 0; j < sae.Width; j++) found[new(sae.Config.Hook.Layer, j)] = [.. perPrompt.Select(p => (double)p[j])];
        }
        return found;
    }

    /// <summary>Each direction alone: the unembedding of a direction is its logit weights, but for the scale that the norm takes away.</summary>
    private static Dictionary<LatentId, double[]> Weights(HookedTransformer model, params Sae[] saes)
    {
        var found = new Dictionary<LatentId, double[]>();
        foreach (var sae in saes)
            for (var j = 0; j < sae.Width; j++)
            {
                using var scope = NewDisposeScope();
                found[new(sae.Config.Hook.Layer, j)] = [.. model.Unembed(sae.Decoder[j]).data<float>().ToArray().Select(w => (double)w)];
            }
        return found;
    }

    private static void AssertAllPairs(IReadOnlyList<LatentId> latents, IReadOnlyList<LatentMatch> found, Dictionary<LatentId, double[]> here, Dictionary<LatentId, double[]> there)
    {
        Assert.Equal(latents, found.Select(f => f.Latent));
        foreach (var match in found)
        {
            var all = there.ToDictionary(other => other.Key, other => Correlation.Of(here[match.Latent], other.Value));
            Assert.Equal(all.Values.Max(), match.Correlation, 1e-4);
            Assert.Equal(all[match.Match], match.Correlation, 1e-4);
            var back = here.Where(other => other.Key.Layer == match.Latent.Layer).Max(other => Correlation.Of(other.Value, there[match.Match]));
            Assert.Equal(all[match.Match] >= back - 1e-6, match.IsMutual);
        }
        Assert.Contains(found, f => f.Correlation > 0.1);
    }

    private static readonly LatentId[] Some = [new(1, 5), new(0, 0), new(1, 33), new(0, 63), new(0, 12)];

    [Fact]
    public void Matches_by_activation_are_those_of_all_pairs_compared_one_by_one()
    {
        using Sae first = TinyModel.RandomSae(0), second = TinyModel.RandomSae(1), there = TinyModel.RandomSae(1, TinyModel.WiderWidth), above = TinyModel.RandomSae(2, TinyModel.WiderWidth);
        AssertAllPairs(Some, LatentTransfer.ByActivation(Side(TinyModel.Model, first, second), Some, Side(TinyModel.Wider, there, above), Prompts),
            Activations(TinyModel.Model, first, second), Activations(TinyModel.Wider, there, above));
    }

    [Fact]
    public void Matches_by_logit_weights_are_those_of_all_pairs_compared_one_by_one()
    {
        using Sae first = TinyModel.RandomSae(0), second = TinyModel.RandomSae(1), there = TinyModel.RandomSae(1, TinyModel.WiderWidth), above = TinyModel.RandomSae(2, TinyModel.WiderWidth);
        AssertAllPairs(Some, LatentTransfer.ByLogits(Side(TinyModel.Model, first, second), Some, Side(TinyModel.Wider, there, above)),
            Weights(TinyModel.Model, first, second), Weights(TinyModel.Wider, there, above));
    }

    [Fact]
    public void A_dictionary_in_another_order_is_recognised()
    {
        using var sae = TinyModel.RandomSae(1);
        long[] order = [.. Enumerable.Range(0, sae.Width).Select(j => (long)((j * 27 + 5) % sae.Width))]; // 27 and 64 have no common divisor
        using var reordered = new Sae(sae.Config, new TopK(12), sae.Encoder.index_select(1, tensor(order)), sae.Decoder.index_select(0, tensor(order)), zeros(sae.Width), zeros(TinyModel.Width));
        var alive = Activations(TinyModel.Model, sae).Where(a => a.Value.Distinct().Count() > 5).Select(a => a.Key).ToArray();
        Assert.NotEmpty(alive);
        var (here, there) = (Side(TinyModel.Model, sae), Side(TinyModel.Model, reordered));
        Assert.All(LatentTransfer.ByActivation(here, alive, there, Prompts).Concat(LatentTransfer.ByLogits(here, alive, there)), found =>
        {
            Assert.Equal(found.Latent.Latent, order[found.Match.Latent]);
            Assert.Equal(1, found.Correlation, 1e-4);
            Assert.True(found.IsMutual && found.IsFound);
        });
    }

    [Fact]
    public void The_controls_repeat_and_stay_below_what_a_latent_has_with_itself()
    {
        using var sae = TinyModel.RandomSae(1);
        var side = Side(TinyModel.Model, sae);
        var varied = Activations(TinyModel.Model, sae).Where(a => a.Value.Distinct().Count() > 10).Select(a => a.Key).Take(4).ToArray();
        Assert.NotEmpty(varied);
        foreach (var match in new Func<ulong, IReadOnlyList<LatentMatch>>[] { seed => LatentTransfer.ByActivation(side, varied, side, Prompts, seed), seed => LatentTransfer.ByLogits(side, varied, side, seed) })
        {
            Assert.Equal(match(1), match(1));
            Assert.All(match(1), f => Assert.InRange(f.ByChance, 0.1, 0.98));
            Assert.NotEqual(match(1).Select(f => f.ByChance), match(2).Select(f => f.ByChance));
        }
    }

    [Fact]
    public void A_latent_that_never_changes_correlates_with_nothing()
    {
        using var sae = TinyModel.ExactSae(1);
        using var silent = new Sae(sae.Config, sae.Activation, sae.Encoder.clone(), sae.Decoder.clone(), sae.EncoderBias - 1e6, sae.DecoderBias.clone());
        var found = Assert.Single(LatentTransfer.ByActivation(Side(TinyModel.Model, sae), [new(1, 2)], Side(TinyModel.Model, silent), Prompts));
        Assert.Equal(0, found.Correlation);
        Assert.False(found.IsFound);
    }

    [Fact]
    public void What_cannot_be_answered_is_refused()
    {
        using Sae sae = TinyModel.ExactSae(1), wide = TinyModel.RandomSae(1, TinyModel.WiderWidth);
        var side = Side(TinyModel.Model, sae);
        string Refusal(Func<object> match) => Assert.Throws<ArgumentException>(match).Message;
        Assert.Contains("2 prompts", Refusal(() => LatentTransfer.ByActivation(side, [new(1, 1)], side, Prompts[..2])));
        Assert.Contains("no latents", Refusal(() => LatentTransfer.ByActivation(side, [], side, Prompts)));
        Assert.Contains("no latent 48", Refusal(() => LatentTransfer.ByLogits(side, [new(1, 1), new(1, 48)], side)));
        Assert.Contains("no SAE of 'untrained' after layer 0", Refusal(() => LatentTransfer.ByLogits(side, [new(0, 1)], side)));
        Assert.Contains("reads 24 numbers and the residual stream of 'wider' has 32", Refusal(() => LatentTransfer.ByActivation(side, [new(1, 1)], Side(TinyModel.Wider, sae), Prompts)));
        using var other = TinyModel.Train(new(Layers: 2, Width: 16, Heads: 2, MlpWidth: 16, Vocabulary: 500, Context: 512));
        using var own = TinyModel.RandomSae(1, 16);
        Assert.Contains("different tokenizers", Refusal(() => LatentTransfer.ByLogits(side, [new(1, 1)], Side(other, own))));
        Assert.Single(LatentTransfer.ByActivation(side, [new(1, 1)], Side(other, own), Prompts)); // activations need no common tokens
    }
}
