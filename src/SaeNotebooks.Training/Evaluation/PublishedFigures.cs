using System.Text.Json;

namespace SaeNotebooks.Training.Evaluation;

/// <summary>What somebody measured on an SAE and published.</summary>
/// <param name="Name">of the SAE</param>
/// <param name="Model">that it was trained on</param>
/// <param name="Hook">that it reads</param>
/// <param name="L0">active latents per token</param>
/// <param name="Fve">fraction of variance explained</param>
/// <param name="CleanLoss">cross-entropy of the model as it is, nats per token</param>
/// <param name="SplicedLoss">with the reconstruction</param>
/// <param name="Recovered">of the loss between zero ablation and the clean model</param>
/// <param name="Dead">share of latents that never fired</param>
/// <param name="AllPredictions">whether the losses are over all predictions, that at BOS too</param>
/// <param name="Measured">on what, and which tokens counted</param>
/// <param name="Source">where it is written</param>
public sealed record PublishedFigures(string Name, string Model, string Hook, double? L0 = null, double? Fve = null, double? CleanLoss = null, double? SplicedLoss = null,
    double? Recovered = null, double? Dead = null, bool AllPredictions = false, string Measured = "", string Source = "")
{
    private static readonly Lazy<IReadOnlyList<PublishedFigures>> Table = new(Read);

    /// <summary>The figures that ship with this library.</summary>
    public static IReadOnlyList<PublishedFigures> Known => Table.Value;

    private static IReadOnlyList<PublishedFigures> Read()
    {
        using var stream = typeof(PublishedFigures).Assembly.GetManifestResourceStream("SaeNotebooks.Training.Evaluation.published.json")!;
        return JsonSerializer.Deserialize<List<PublishedFigures>>(stream, JsonSerializerOptions.Web)!;
    }
}
