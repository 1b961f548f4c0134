using System.Text.Json.Serialization;
using SaeNotebooks.Translation.Discovery;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>A latent of one model and the latent of another that is most like it.</summary>
/// <param name="Latent">of the first model</param>
/// <param name="Match">of the second: the one with the largest correlation, over all layers compared</param>
/// <param name="Correlation">Pearson's, of the two signatures; 0 where one of them does not vary</param>
/// <param name="IsMutual">whether no other latent of the same layer of the first model correlates better with the match</param>
/// <param name="ByChance">largest correlation of an impostor with any latent of the second model, the 95th of 100 times: what choosing the best of many
/// brings by itself</param>
public sealed record LatentMatch(LatentId Latent, LatentId Match, double Correlation, bool IsMutual, double ByChance)
{
    // Correlations that differ by rounding alone are equal.
    private const double Rounding = 1e-5;

    /// <summary>Whether the match is better than choosing among so many latents explains.</summary>
    [JsonIgnore]
    public bool IsFound => Correlation > ByChance + Rounding;
}
