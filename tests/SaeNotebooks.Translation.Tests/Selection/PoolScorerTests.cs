using SaeNotebooks.Hooks;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Translation.Measures;
using SaeNotebooks.Translation.Selection;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Tests.Selection;

public class PoolScorerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scores_are_those_of_examples_run_alone(bool layerBefore)
    {
        var pool = NoisyPool.Draw(Corpora.Corpus, 12, 0.5, seed: 4);
        using var sae = TinyModel.RandomSae(1);
        int[] latents = [3, 40, 17];
        var scores = PoolScorer.Score(TinyModel.Model, new(sae, latents, layerBefore), pool);
        foreach (var (example, score) in pool.Zip(scores))
        {
            using var scope = NewDisposeScope();
            var prompt = TinyModel.Model.Encode(example.Document.Prompt).ToArray();
            var ids = EmbeddedCorpus.Tokenise(example.Document, TinyModel.Model.Tokenizer!).Ids;
            Assert.Equal(prompt, ids[..prompt.Length]);
            using var run = TinyModel.Model.Run(ids, Hook.ResidPost(layerBefore ? 0 : 1), logits: true);
            var logProbs = run.Logits[0].log_softmax(-1);
            var losses = Enumerable.Range(1, ids.Length - 1).Select(t => -logProbs[t - 1, ids[t]].item<float>()).ToArray();
            Assert.Equal(Math.Exp(losses.Average()), score.Perplexity, 1e-2);
            Assert.Equal(Math.Exp(losses[(prompt.Length - 1)..].Average()), score.TargetPerplexity, 1e-2);
            using var encoded = sae.Encode(run[Hook.ResidPost(layerBefore ? 0 : 1)][0, prompt.Length - 1].unsqueeze(0));
            Assert.Equal(encoded.Of(latents).sum().item<float>(), score.Activation, 1e-3);
            Assert.Equal(ChrF.Default.Sentence(example.Document.Answer, example.Reference), score.Quality, 1e-9);
        }
        Assert.Contains(scores, s => s.Activation > 0);
        Assert.Equal(scores.Select(s => s.Activation), PoolScorer.Activations(TinyModel.Model, new(sae, latents, layerBefore), pool));
    }

    [Fact]
    public void An_SAE_at_another_hook_is_refused()
    {
        using var sae = TinyModel.RandomSae(0);
        using var other = new Saes.Sae(sae.Config with { Hook = Hook.MlpOut(0) }, sae.Activation, sae.Encoder.clone(), sae.Decoder.clone(), sae.EncoderBias.clone(), sae.DecoderBias.clone());
        Assert.Contains("hook_mlp_out", Assert.Throws<ArgumentException>(() => PoolScorer.Score(TinyModel.Model, new(other, [1]), [])).Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(64)]
    public void A_latent_that_the_SAE_does_not_have_is_no_silent_one(int latent)
    {
        using var sae = TinyModel.RandomSae(0);
        Assert.Contains($"There is no latent {latent} at blocks.0.hook_resid_post", Assert.Throws<ArgumentException>(() => PoolScorer.Score(TinyModel.Model, new(sae, [1, latent]), [])).Message);
        Assert.Contains("none is named", Assert.Throws<ArgumentException>(() => PoolScorer.Score(TinyModel.Model, new(sae, []), [])).Message);
    }
}
