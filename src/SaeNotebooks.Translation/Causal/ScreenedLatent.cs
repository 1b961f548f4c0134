using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Measures;
using SaeNotebooks.Translation.Measures.Testing;

namespace SaeNotebooks.Translation.Causal;

/// <summary>The three groups of the paper's ρ analysis.</summary>
public enum RhoBin
{
    /// <summary>ρ &lt; 0.5</summary>
    Low,

    /// <summary>0.5 ≤ ρ ≤ 0.95</summary>
    Middle,

    /// <summary>ρ &gt; 0.95</summary>
    High,
}

/// <summary>A latent and factor as screening saw them.</summary>
/// <param name="Id">the latent</param>
/// <param name="Factor">by which it is multiplied</param>
/// <param name="Recalled">whether discovery recalled it, or only its first-order effect drew attention to it</param>
/// <param name="Bin">its group by ρ; null unless recalled</param>
/// <param name="Effect">mean change of the references' log-probability, nats per token, against the unedited run</param>
/// <param name="BeyondControls">the same beyond the mean of its matched random latents, paired by prompt</param>
/// <param name="P">Wilcoxon's test of the latter</param>
/// <param name="Holm">P, corrected for all latents and factors screened, for any false finding</param>
/// <param name="FalseDiscovery">P, corrected likewise, for the share of false ones (Benjamini and Hochberg)</param>
/// <param name="FirstOrder">the estimated change of the mean log-odds, from the gradient</param>
public sealed record ScreenedLatent(LatentId Id, double Factor, bool Recalled, RhoBin? Bin, Estimate Effect, Estimate BeyondControls, double P, double Holm,
    double FalseDiscovery, double FirstOrder);

/// <summary>How well first-order effects foretell the exact ones.</summary>
/// <param name="Layer">the layer; null for all</param>
/// <param name="Latents">latents compared</param>
/// <param name="Correlation">Pearson's, over mean effects of ablation</param>
/// <param name="RankCorrelation">Spearman's</param>
public sealed record FirstOrderFit(int? Layer, int Latents, double Correlation, double RankCorrelation);

/// <summary>A latent's effect of ablation by language in one role.</summary>
/// <param name="Role">prompt, source or target</param>
/// <param name="Language">the code</param>
/// <param name="Effect">mean change of the log-probability, nats per token</param>
/// <param name="Holm">Wilcoxon's test, corrected for all languages and roles of all latents compared</param>
public sealed record EffectByLanguage(string Role, string Language, Estimate Effect, double Holm);

/// <summary>Whether a latent that recurs across languages also matters across them.</summary>
/// <param name="Recurrence">where it is recalled</param>
/// <param name="Effects">of its ablation, by language in each role</param>
public sealed record CausalRecurrence(RecurrentLatent Recurrence, IReadOnlyList<EffectByLanguage> Effects)
{
    /// <summary>Share of languages and roles in which ablation costs log-probability, significantly.</summary>
    public double Share => Effects.Count(e => e.Effect.Value < 0 && e.Holm < 0.05) / (double)Effects.Count;

    /// <summary>Whether that is so everywhere.</summary>
    public bool IsConsistent => Share == 1;
}

/// <summary>Ranks, tests and compares what screening measured.</summary>
internal static class ScreeningAnalysis
{
    /// <summary>The group of a ρ.</summary>
    public static RhoBin BinOf(double rho) => rho < 0.5 ? RhoBin.Low : rho <= 0.95 ? RhoBin.Middle : RhoBin.High;

    /// <summary>Every screened latent but the controls, the largest losses under the first factor first.</summary>
    public static IReadOnlyList<ScreenedLatent> Rank(IReadOnlyList<LayerDiscovery> found, IReadOnlyList<LayerScreening> screened, IReadOnlyList<double> factors)
    {
        var rows = (from layer in screened
                    let recalled = found.First(f => f.Layer == layer.Layer).Latents.ToDictionary(l => l.Latent)
                    from latent in recalled.Keys.Concat(layer.Extra)
                    from factor in factors
                    let effects = layer.Of(latent, factor).Select(e => (double)e).ToList()
                    let beyond = effects.Zip(layer.OfControls(latent, factor), (e, c) => e - c).ToList()
                    select new ScreenedLatent(new(layer.Layer, latent), factor, recalled.ContainsKey(latent),
                        recalled.TryGetValue(latent, out var l) ? BinOf(l.Consistency.Rho) : null, Bootstrap.Mean(effects), Bootstrap.Mean(beyond),
                        PairedTests.Wilcoxon(beyond), 1, 1, (1 - factor) * layer.FirstOrder[latent])).ToList();
        var (holm, fdr) = (MultipleTests.Holm([.. rows.Select(r => r.P)]), MultipleTests.BenjaminiHochberg([.. rows.Select(r => r.P)]));
        return [.. rows.Select((r, i) => r with { Holm = holm[i], FalseDiscovery = fdr[i] }).OrderBy(r => r.Factor != factors[0]).ThenBy(r => r.BeyondControls.Value).ThenBy(r => r.Id)];
    }

    /// <summary>First order against exact, by layer and over all.</summary>
    public static IReadOnlyList<FirstOrderFit> Fit(IReadOnlyList<LayerScreening> screened)
    {
        var pairs = screened.SelectMany(s => s.Cases.Where(c => c.Factor == 0).Select(c => (s.Layer, Estimate: (double)s.FirstOrder[c.Latent], Exact: c.Effects.Average(e => (double)e)))).ToList();
        FirstOrderFit Of(int? layer, List<(int Layer, double Estimate, double Exact)> some) =>
            new(layer, some.Count, Correlation.Of([.. some.Select(p => p.Estimate)], [.. some.Select(p => p.Exact)]), Correlation.OfRanks([.. some.Select(p => p.Estimate)], [.. some.Select(p => p.Exact)]));
        return [.. pairs.GroupBy(p => p.Layer).Select(g => Of(g.Key, [.. g])), Of(null, pairs)];
    }

    /// <summary>The effect of ablating recurrent latents, by language of prompt, source and target.</summary>
    /// <param name="recurrent">latents that were screened</param>
    /// <param name="screened">their effects</param>
    /// <param name="settings">the setting of each screening prompt</param>
    public static IReadOnlyList<CausalRecurrence> ByLanguage(IReadOnlyList<RecurrentLatent> recurrent, IReadOnlyList<LayerScreening> screened, IReadOnlyList<Setting> settings)
    {
        (string Role, Func<Setting, string> Of)[] roles = [("prompt", s => s.Prompt), ("source", s => s.From), ("target", s => s.To)];
        var cells = (from latent in recurrent
                     let effects = screened.First(s => s.Layer == latent.Id.Layer).Of(latent.Id.Latent, 0)
                     from role in roles
                     from language in settings.Index().GroupBy(s => role.Of(s.Item), s => (double)effects[s.Index])
                     let values = language.ToList()
                     select (Latent: latent, role.Role, Language: language.Key, Effect: Bootstrap.Mean(values), P: PairedTests.Wilcoxon(values))).ToList();
        var holm = MultipleTests.Holm([.. cells.Select(c => c.P)]);
        return [.. cells.Index().GroupBy(c => c.Item.Latent).Select(g => new CausalRecurrence(g.Key,
            [.. g.Select(c => new EffectByLanguage(c.Item.Role, c.Item.Language, c.Item.Effect, holm[c.Index]))]))];
    }
}
