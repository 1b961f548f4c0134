using SaeNotebooks.Saes;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Switch;

/// <summary>Where the latents of one SAE fire at the last prompt token. Arrays are by latent.</summary>
internal sealed class PromptEndStatistics
{
    private const float MostOften = 0.9f;

    private readonly Dictionary<Language, float[]> _meanByTarget;

    private PromptEndStatistics((float[] Translation, float[] Other) rate, (float[] Translation, float[] Other) norm, Dictionary<Language, float[]> meanByTarget) =>
        (TranslationRate, OtherRate, Norm, OtherNorm, _meanByTarget) = (rate.Translation, rate.Other, norm.Translation, norm.Other, meanByTarget);

    /// <summary>Share of translation prompts on which a latent fires.</summary>
    public float[] TranslationRate { get; }

    /// <summary>Share of other prompts on which it fires.</summary>
    public float[] OtherRate { get; }

    /// <summary>Mean over translation prompts of activation · ‖W_dec‖.</summary>
    public float[] Norm { get; }

    /// <summary>The same over other prompts.</summary>
    public float[] OtherNorm { get; }

    /// <summary>Mean activation on translation prompts into a language.</summary>
    public float Mean(int latent, Language target) => _meanByTarget[target][latent];

    /// <summary>
    /// The latents that write more on translation prompts than on others, those with the largest difference first; without those that fire on
    /// nearly every other prompt too, which tell that the prompt ends and not what it asks for.
    /// </summary>
    public IReadOnlyList<int> MoreOnTranslation(int count) =>
    [
        .. Enumerable.Range(0, Norm.Length).Where(j => Norm[j] > OtherNorm[j] && OtherRate[j] <= MostOften)
            .OrderByDescending(j => Norm[j] - OtherNorm[j]).Take(count),
    ];

    /// <param name="sae">the SAE</param>
    /// <param name="residuals">[prompts, d_model] at the SAE's hook</param>
    /// <param name="prompts">the prompts; translations and others</param>
    public static PromptEndStatistics Of(Sae sae, Tensor residuals, IReadOnlyList<Document> prompts)
    {
        using var scope = NewDisposeScope();
        using var sparse = sae.Encode(residuals);
        var active = sparse.ToDense(); // [prompts, latents]
        Tensor Rows(Func<Document, bool> wanted) =>
            active.index_select(0, tensor([.. prompts.Index().Where(p => wanted(p.Item)).Select(p => (long)p.Index)], device: active.device));
        static float[] Array(Tensor x) => x.cpu().data<float>().ToArray();
        static float[] Mean(Tensor x) => x.shape[0] == 0 ? new float[x.shape[1]] : Array(x.mean([0L]));

        Tensor translations = Rows(p => p.Task == TaskKind.Translate), others = Rows(p => p.Task != TaskKind.Translate);
        var lengths = sae.Decoder.norm(1); // [latents]
        return new((Mean(Fires(translations)), Mean(Fires(others))), (Mean(translations * lengths), Mean(others * lengths)),
            Languages.All.ToDictionary(l => l, l => Mean(Rows(p => p.Task == TaskKind.Translate && p.Target == l))));
    }

    private static Tensor Fires(Tensor active) => active.sign(); // activations are never negative
}
