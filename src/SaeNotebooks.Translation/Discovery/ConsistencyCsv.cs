using System.Globalization;

namespace SaeNotebooks.Translation.Discovery;

/// <summary>Recalled latents in the columns of the authors' <c>l{layer}.csv</c>.</summary>
public static class ConsistencyCsv
{
    /// <summary>The column names.</summary>
    public const string Header = "layer,index,value,cosine,resultant_r,pca_ratio";

    /// <summary>One line per latent, measures with four decimals.</summary>
    /// <param name="layer">the layer</param>
    /// <param name="latents">what was found there</param>
    /// <param name="value">the intervention's value: 0 for ablation</param>
    /// <param name="doubledCosine">writes the cosine as the authors' code does, doubled</param>
    public static string Of(int layer, IEnumerable<DiscoveredLatent> latents, double value, bool doubledCosine = false) =>
        string.Concat(latents.Select(l => string.Create(CultureInfo.InvariantCulture,
            $"{layer},{l.Latent},{value:0.0###},{(doubledCosine ? l.Consistency.DoubledCosine : l.Consistency.Cosine):F4},{l.Consistency.Resultant:F4},{l.Consistency.Rho:F4}\n"))
            .Prepend(Header + "\n"));
}
