using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Translation.Discovery;

namespace SaeNotebooks.Translation.Causal;

/// <summary>The exact effect of one intervention on the mean log-probability of references.</summary>
/// <param name="Latent">which latent</param>
/// <param name="Factor">0 ablates</param>
/// <param name="Effects">nats per token, by screening prompt</param>
public sealed record ScreenedCase(int Latent, double Factor, IReadOnlyList<float> Effects);

/// <summary>What screening measured with the SAE of one layer.</summary>
/// <param name="Layer">the layer</param>
/// <param name="FirstOrder">estimated mean change of the log-odds by ablation, of every latent</param>
/// <param name="Extra">latents that were not recalled and of which the estimate is largest; screened like those recalled</param>
/// <param name="Controls">for each latent that was screened, random ones that fire as often and write as much</param>
/// <param name="Cases">exact effects of those recalled, the extra ones and the controls</param>
public sealed record LayerScreening(int Layer, IReadOnlyList<float> FirstOrder, IReadOnlyList<int> Extra, IReadOnlyDictionary<int, IReadOnlyList<int>> Controls,
    IReadOnlyList<ScreenedCase> Cases)
{
    /// <summary>The effects of an intervention, by prompt.</summary>
    /// <exception cref="InvalidOperationException">it was not screened</exception>
    public IReadOnlyList<float> Of(int latent, double factor) => Cases.First(c => c.Latent == latent && c.Factor == factor).Effects;

    /// <summary>The mean effect of a latent's controls, by prompt.</summary>
    public IReadOnlyList<double> OfControls(int latent, double factor)
    {
        var controls = Controls[latent].Select(c => Of(c, factor)).ToList();
        if (controls.Count == 0) return [.. Cases[0].Effects.Select(_ => 0.0)]; // every other latent is a candidate itself
        return [.. Enumerable.Range(0, Cases[0].Effects.Count).Select(p => controls.Average(c => (double)c[p]))];
    }
}

/// <summary>How many latents are screened, and how.</summary>
public sealed record ScreeningOptions
{
    /// <summary>Sentences per setting; each setting has its own prompts, in one wording each in turn.</summary>
    public int SentencesPerSetting { get; init; } = 1;

    /// <summary>By what latents are multiplied.</summary>
    public IReadOnlyList<double> Factors { get; init; } = [0, 3];

    /// <summary>Latents per layer that were not recalled, taken by their first-order effect.</summary>
    public int Extra { get; init; } = 8;

    /// <summary>Random latents for each one screened.</summary>
    public int ControlsPerLatent { get; init; } = 2;

    /// <summary>Whether interventions act where each token is decided, as the authors generate, or at the last prompt token alone.</summary>
    public bool EveryStep { get; init; } = true;
}

/// <summary>Screens every recalled latent of a layer by the log-probability of references: all latents to first order, candidates and controls exactly.</summary>
/// <param name="model">the model</param>
/// <param name="prompts">with references</param>
/// <param name="options">how much</param>
/// <param name="seed">of the controls</param>
internal sealed class Screening(HookedTransformer model, IReadOnlyList<TranslationPrompt> prompts, ScreeningOptions options, ulong seed)
{
    public LayerScreening Run(Sae sae, LayerDiscovery found, IProgress<int>? progress, CancellationToken cancel)
    {
        var effects = new ReferenceEffects(model, prompts, options.EveryStep);
        var slopes = effects.FirstOrder(sae, cancel);
        float[] ablation = [.. Enumerable.Range(0, sae.Width).Select(j => -slopes.Average(row => row[j]))];
        int[] recalled = [.. found.Latents.Select(l => l.Latent)];
        int[] extra = [.. Enumerable.Range(0, sae.Width).Except(recalled).Where(j => ablation[j] < 0).OrderBy(j => ablation[j]).Take(options.Extra).Order()];
        int[] chosen = [.. recalled, .. extra];
        var controls = Controls(found, chosen);
        var screened = chosen.Concat(controls.Values.SelectMany(c => c)).Distinct().Order();
        Intervention[] interventions = [.. from latent in screened from factor in options.Factors select new Intervention(latent, factor)];
        var exact = effects.Exact(sae, interventions, progress, cancel);
        return new(found.Layer, ablation, extra, controls, [.. interventions.Zip(exact, (i, e) => new ScreenedCase(i.Latent, i.Factor, e))]);
    }

    private Dictionary<int, IReadOnlyList<int>> Controls(LayerDiscovery found, int[] chosen)
    {
        var rng = new Rng(seed + (ulong)found.Layer);
        return chosen.ToDictionary(j => j, j => (IReadOnlyList<int>)
            [.. MatchedControls.Draw(found.Firing.Rates, found.Firing.Norms, [j], options.ControlsPerLatent, rng, barred: chosen).SelectMany(draw => draw).Distinct()]);
    }
}
