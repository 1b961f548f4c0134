namespace SaeNotebooks.Translation.Discovery;

/// <summary>How often a latent is recalled when the languages change.</summary>
/// <param name="Id">the latent</param>
/// <param name="Settings">in how many settings it is recalled</param>
/// <param name="ByPrompt">share of settings, by the prompt's language</param>
/// <param name="ByFrom">share of settings, by the source's language</param>
/// <param name="ByTo">share of settings, by the target's language</param>
public sealed record RecurrentLatent(LatentId Id, int Settings, IReadOnlyDictionary<string, double> ByPrompt, IReadOnlyDictionary<string, double> ByFrom,
    IReadOnlyDictionary<string, double> ByTo)
{
    /// <summary>The smallest share over all languages in any role: 1 for a latent that is recalled everywhere.</summary>
    public double Least => ByPrompt.Values.Concat(ByFrom.Values).Concat(ByTo.Values).Min();
}

/// <summary>Recurrence across the language of prompt, source and target (after Nguyen et al. 2026).</summary>
public static class Recurrence
{
    /// <summary>Counts.</summary>
    /// <param name="recalled">the latents recalled in each setting</param>
    /// <returns>every latent that is recalled anywhere, the most recurrent first</returns>
    public static IReadOnlyList<RecurrentLatent> Of(IReadOnlyList<(Setting Setting, IReadOnlyList<LatentId> Latents)> recalled)
    {
        IReadOnlyDictionary<string, double> Shares(List<Setting> of, Func<Setting, string> axis) => recalled.GroupBy(r => axis(r.Setting))
            .ToDictionary(g => g.Key, g => of.Count(s => axis(s) == g.Key) / (double)g.Count());
        return
        [
            .. from r in recalled
               from id in r.Latents
               group r.Setting by id into found
               let settings = found.ToList()
               orderby settings.Count descending, found.Key
               select new RecurrentLatent(found.Key, settings.Count, Shares(settings, s => s.Prompt), Shares(settings, s => s.From), Shares(settings, s => s.To)),
        ];
    }
}
