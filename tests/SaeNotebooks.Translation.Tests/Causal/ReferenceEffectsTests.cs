using SaeNotebooks.Hooks;
using SaeNotebooks.Steering;
using SaeNotebooks.Training.Evaluation;
using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Study;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Tests.Causal;

public class ReferenceEffectsTests
{
    private static readonly IReadOnlyList<TranslationPrompt> Prompts =
    [
        .. new CorpusTask(Corpora.Corpus, Corpora.Judge).Prompts(new("en", "en", "fr"), PromptUse.Screening, 2, everyWording: true),
        .. new CorpusTask(Corpora.Corpus, Corpora.Judge).Prompts(new("de", "vi", "es"), PromptUse.Screening, 2, everyWording: true),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Exact_effects_are_those_of_the_edits_of_generation(bool everyStep)
    {
        using var sae = TinyModel.RandomSae(0);
        Intervention[] interventions = [new(3, 0), new(20, 0), new(20, 3), new(41, 2), new(5, 1)];
        var effects = new ReferenceEffects(TinyModel.Model, Prompts, everyStep).Exact(sae, interventions);
        foreach (var (i, intervention) in interventions.Index())
            foreach (var (p, prompt) in Prompts.Index())
                Assert.Equal(Slow(intervention, prompt), effects[i][p], 2e-4);
        Assert.All(effects[4], e => Assert.Equal(0, e)); // times one
        Assert.Contains(effects.SelectMany(e => e), e => Math.Abs(e) > 1e-3);

        double Slow(Intervention intervention, TranslationPrompt prompt)
        {
            int[] ids = [.. TinyModel.Model.Encode(prompt.Text)], answer = [.. TinyModel.Model.Encode(prompt.Answer, bos: false)];
            double Mean(Edits? edits) => NextTokenLoss.Of(TinyModel.Model, [[.. ids, .. answer]], edits)[0].Skip(ids.Length - 1).Average(l => -(double)l);
            // While the reference is given, the places where a token is decided are those from the last prompt token to the last but one.
            var places = Enumerable.Range(ids.Length - 1, everyStep ? answer.Length : 1).ToArray();
            return Mean(Steer.Multiply(sae, intervention.Latent, intervention.Factor, Positions.At(places))) - Mean(null);
        }
    }

    [Fact]
    public void First_order_effects_are_the_slopes_of_the_log_odds()
    {
        using var sae = TinyModel.RandomSae(0);
        var estimated = new ReferenceEffects(TinyModel.Model, Prompts).FirstOrder(sae);
        var largest = estimated.Max(row => row.Max(Math.Abs));
        Assert.True(largest > 1e-2);
        const double Step = 0.002; // these random latents write far more than the residual stream is long
        foreach (var latent in new[] { 3, 20, 41, Array.IndexOf(estimated[0], estimated[0].Max()) })
            foreach (var (p, prompt) in Prompts.Index())
                Assert.Equal((LogOdds(prompt, latent, 1 + Step) - LogOdds(prompt, latent, 1 - Step)) / (2 * Step), estimated[p][latent], 0.03 * largest);

        double LogOdds(TranslationPrompt prompt, int latent, double factor)
        {
            int[] ids = [.. TinyModel.Model.Encode(prompt.Text)], answer = [.. TinyModel.Model.Encode(prompt.Answer, bos: false)];
            var edit = Steer.Multiply(sae, latent, factor, Positions.At([.. Enumerable.Range(ids.Length - 1, answer.Length)]));
            return NextTokenLoss.Of(TinyModel.Model, [[.. ids, .. answer]], edit)[0].Skip(ids.Length - 1).Average(loss => -loss - Math.Log(1 - Math.Exp(-loss)));
        }
    }

    [Fact]
    public void An_empty_reference_is_refused_and_nothing_is_left_behind()
    {
        using var sae = TinyModel.RandomSae(0);
        Assert.Contains("empty reference", Assert.Throws<ArgumentException>(() => new ReferenceEffects(TinyModel.Model, [Prompts[0] with { Answer = "" }])).Message);
        void Once()
        {
            var effects = new ReferenceEffects(TinyModel.Model, Prompts);
            effects.FirstOrder(sae);
            effects.Exact(sae, [new(1, 0), new(2, 3)]);
            new LatentDiscovery(TinyModel.Model, SaeSource.Of([sae]), new()).Run(Prompts);
            new DownstreamInfluence(TinyModel.Model, LatentChange.Multiply(0)).Of(sae, [TinyModel.Model.Encode(Prompts[0].Text)], [3, 4]);
        }
        Once();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = LiveTensors.Count();
        Once();
        Assert.Equal(before, Tensor.TotalCount);
    }
}
