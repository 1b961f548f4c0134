using SaeNotebooks.Features;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Discovery;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Switch;

/// <summary>Where the latents of one SAE fire at the last prompt token.</summary>
/// <param name="Translation">on translation prompts</param>
/// <param name="Other">on other prompts</param>
/// <param name="ByTarget">on translation prompts into a language, by latent</param>
internal sealed record PromptEndStatistics(LastTokenFiring Translation, LastTokenFiring Other, IReadOnlyDictionary<Language, IReadOnlyList<LatentStatistics>> ByTarget)
{
    private const float MostOften = 0.9f;

    /// <summary>Mean activation on translation prompts into a language, where silent counted as 0.</summary>
    public float Mean(int latent, Language target) => (float)(ByTarget[target][latent].Rate * ByTarget[target][latent].Mean);

    /// <summary>
    /// The latents that write more on translation prompts than on others, those with the largest difference first; without those that fire on
    /// nearly every other prompt too, which tell that the prompt ends and not what it asks for.
    /// </summary>
    public IReadOnlyList<int> MoreOnTranslation(int count) =>
    [
        .. Enumerable.Range(0, Translation.Norms.Count).Where(j => Translation.Norms[j] > Other.Norms[j] && Other.Rates[j] <= MostOften)
            .OrderByDescending(j => Translation.Norms[j] - Other.Norms[j]).Take(count),
    ];

    /// <param name="sae">the SAE</param>
    /// <param name="residuals">[prompts, d_model] at the SAE's hook</param>
    /// <param name="prompts">the prompts; translations and others</param>
    public static PromptEndStatistics Of(Sae sae, Tensor residuals, IReadOnlyList<Document> prompts)
    {
        using var scope = NewDisposeScope();
        Tensor Rows(Func<Document, bool> wanted) =>
            residuals.index_select(0, tensor([.. prompts.Index().Where(p => wanted(p.Item)).Select(p => (long)p.Index)], device: residuals.device));
        return new(LastTokenFiring.Of(sae, Rows(p => p.Task == TaskKind.Translate)), LastTokenFiring.Of(sae, Rows(p => p.Task != TaskKind.Translate)),
            Languages.All.ToDictionary(l => l, l => LatentStatistics.OfAll(sae, Rows(p => p.Task == TaskKind.Translate && p.Target == l))));
    }
}
