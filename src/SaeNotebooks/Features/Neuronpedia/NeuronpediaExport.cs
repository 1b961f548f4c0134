using SaeNotebooks.Features.Dashboards;
using SaeNotebooks.Features.Interpretation;
using SaeNotebooks.Saes;

namespace SaeNotebooks.Features.Neuronpedia;

/// <summary>Latents of an index as Neuronpedia's records.</summary>
public static class NeuronpediaExport
{
    private const int DefaultSteerStrength = 10; // Neuronpedia's own

    /// <summary>The record of a latent. What an index does not hold (correlated neurons, attention heads) is empty.</summary>
    /// <param name="index">the SAE on a corpus</param>
    /// <param name="latent">from 0</param>
    /// <param name="source">Neuronpedia's names of model and SAE, such as <c>gpt2-small/8-res-jb</c>; by default those of the release that the SAE was loaded
    /// from, else the model's and the SAE's own</param>
    /// <param name="options">how much is exported; its labels become explanations</param>
    public static NeuronpediaRecord Record(SaeIndex index, int latent, string? source = null, DashboardOptions? options = null)
    {
        options ??= new() { Top = 20, Bins = 50, Rows = 10 };
        var report = index.Report(latent, options.Report);
        var shown = LatentDashboard.Of(index, latent, options);
        var (model, layer) = Names(index, source);
        return new()
        {
            ModelId = model, Layer = layer, Index = latent, HookName = index.Hook.ToString(), SourceSetName = layer[(layer.IndexOf('-') + 1)..],
            MaxActApprox = report.Statistics.Max, FracNonzero = report.Statistics.Rate, VectorDefaultSteerStrength = DefaultSteerStrength,
            PosStr = [.. Weights(report.Logits?.Top).Select(w => w.Token.Text)], PosValues = [.. Weights(report.Logits?.Top).Select(w => w.Weight)],
            NegStr = [.. Weights(report.Logits?.Bottom).Select(w => w.Token.Text)], NegValues = [.. Weights(report.Logits?.Bottom).Select(w => w.Weight)],
            FreqHistDataBarHeights = [.. report.Histogram.Counts.Select(c => (double)c)], FreqHistDataBarValues = Middles(report.Histogram.From, report.Histogram.To, report.Histogram.Counts.Count),
            LogitsHistDataBarHeights = LogitHistogram(shown)?.Counts ?? [],
            LogitsHistDataBarValues = LogitHistogram(shown) is { } h ? Middles(h.From, h.To, h.Counts.Count) : [],
            TopkCosSimIndices = [.. report.Nearest.Select(n => n.Latent)], TopkCosSimValues = [.. report.Nearest.Select(n => n.Cosine)],
            CorrelatedFeaturesIndices = [.. report.CoActive.Select(p => p.Latent)], CorrelatedFeaturesPearson = [.. report.CoActive.Select(p => p.Correlation)],
            Activations = [.. report.Top.Select(e => Activation(e, -1, -1, -1)), .. report.Intervals.SelectMany(b => b.Examples.Select(e => Activation(e, b.From, b.To, b.Share)))],
            Explanations = options.Labels?[latent] is { } label ? [Explanation(label)] : [],
        };
    }

    /// <summary>Writes the records of latents, one on each line.</summary>
    /// <param name="index">the SAE on a corpus</param>
    /// <param name="path">the file; compressed if it ends with <c>.gz</c></param>
    /// <param name="latents">which; all by default</param>
    /// <param name="source">see <see cref="Record"/></param>
    /// <param name="options">how much of each</param>
    /// <param name="cancellation">gives up; the file is then as it was</param>
    public static void Write(SaeIndex index, string path, IReadOnlyList<int>? latents = null, string? source = null, DashboardOptions? options = null, CancellationToken cancellation = default)
    {
        latents ??= [.. Enumerable.Range(0, index.Width)];
        using var progress = Progress.Start("Exporting latents", latents.Count, "latents", cancellation: cancellation);
        NeuronpediaFile.Write(path, latents.Select((latent, i) =>
        {
            progress.Cancellation.ThrowIfCancellationRequested();
            progress.Report(i);
            return Record(index, latent, source, options);
        }));
        progress.Report(latents.Count);
    }

    private static (string Model, string Layer) Names(SaeIndex index, string? source)
    {
        source ??= index.Sae?.Config.NeuronpediaId ?? $"{index.Index.Header.Model}/{index.Name}";
        return source.LastIndexOf('/') is > 0 and var slash && slash < source.Length - 1 ? (source[..slash], source[(slash + 1)..])
            : throw new ArgumentException($"'{source}' does not name model and SAE; write it like gpt2-small/8-res-jb.", nameof(source));
    }

    private static DashboardHistogram? LogitHistogram(Dashboard shown) => shown.Histograms.FirstOrDefault(h => h.IsOfLogits);

    private static IReadOnlyList<TokenWeight> Weights(IReadOnlyList<TokenWeight>? weights) => weights ?? [];

    private static IReadOnlyList<double> Middles(double from, double to, int bins) => [.. Enumerable.Range(0, bins).Select(i => from + (to - from) * (i + 0.5) / bins)];

    private static NeuronpediaActivation Activation(Example e, double from, double to, double share) => new()
    {
        Tokens = [.. e.Tokens.Select(t => t.Text)], Values = [.. e.Activations.Select(a => (double)a)],
        MaxValue = e.Activations.Max(), MaxValueTokenIndex = e.Activations.Index().MaxBy(a => a.Item).Index,
        BinMin = from, BinMax = to, BinContains = share, QualifyingTokenIndex = e.Focus, DfaValues = [],
    };

    private static NeuronpediaExplanation Explanation(LatentLabel label) => new()
    {
        Description = label.Text, TypeName = label.Source == LatentLabel.Lexical ? "lexical" : "explanation",
        ExplanationModelName = label.Source == LatentLabel.Lexical ? null : label.Source,
    };
}
