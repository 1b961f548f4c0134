using SaeNotebooks.Display;
using static TorchSharp.torch;

namespace SaeNotebooks.Features.Dashboards;

/// <summary>Makes the dashboard of a direction by running text through the model.</summary>
internal static class DirectionDashboard
{
    public static Dashboard Of(SaeIndex index, Tensor direction, string name, DashboardOptions options, CancellationToken cancellation)
    {
        var (sae, model) = index.BothBound();
        if (direction.dim() != 1 || direction.shape[0] != sae.InputWidth)
            throw new ArgumentException($"The direction has shape [{string.Join(", ", direction.shape)}]; at {index.Hook} it must be [{sae.InputWidth}].", nameof(direction));
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var d = direction.detach().to(ScalarType.Float32).to(model.Device);
        if (!d.isfinite().all().item<bool>()) throw new ArgumentException("The direction holds NaN or infinity.", nameof(direction));
        var activations = DirectionActivations.Of(index.Corpus, model, index.Hook, d, options.DirectionTokens, cancellation);
        int[] places = [.. activations.Places.OrderByDescending(p => activations.Values[p]).ThenBy(p => p)];
        var writes = sae.OutputWidth == model.Config.DModel && !sae.Config.IsTranscoder;
        return Described(index, name, activations.Values, places, options) with
        {
            Logits = writes ? LogitWeights.Of(model, d, options.Rows) : null,
            Histograms = [Histogram(activations.Values, places, options.Bins), .. writes ? [LatentDashboard.LogitHistogram(model, d, options.Bins)] : Array.Empty<DashboardHistogram>()],
            Neighbours = sae.OutputWidth != d.shape[0] ? []
                : [new("Nearest latents", "cosine of decoder rows", [.. index.Nearest(d, options.Rows).Select(n => new Neighbour(n.Latent, n.Cosine, options.Labels?[n.Latent]?.Text))])],
        };
    }

    private static Dashboard Described(SaeIndex index, string name, float[] values, int[] places, DashboardOptions options)
    {
        var (mean, max, min) = (places.Average(p => (double)values[p]), values[places[0]], values[places[^1]]);
        return new()
        {
            Title = name,
            Where = $"direction at {index.Hook} of {index.Index.Header.Model}",
            Facts =
            [
                new("max", Html.Number(max)), new("mean", Html.Number(mean), "over all tokens"), new("min", Html.Number(min)),
                new("deviation", Html.Number(Math.Sqrt(places.Average(p => (values[p] - mean) * (values[p] - mean)))), "standard deviation over all tokens"),
                new("tokens", $"{places.Length:N0} of {index.Corpus.Counted:N0}", $"the first of {index.Index.Header.Corpus}"),
            ],
            Groups = [.. Groups(index.Corpus, values, places, options)],
            Profile = Profile(index.Corpus, values, places),
            ProfileShowsMeans = true,
            Folded = options.Folded,
        };
    }

    private static DashboardHistogram Histogram(float[] values, int[] places, int bins)
    {
        var (low, high) = ((double)values[places[^1]], (double)values[places[0]]);
        if (high <= low) (low, high) = (low - 0.5, low + 0.5);
        var counts = new double[bins];
        foreach (var place in places) counts[Math.Min(bins - 1, (int)(bins * (values[place] - low) / (high - low)))]++;
        return new($"Activations of {places.Length:N0} tokens", "activation · direction", low, high, counts);
    }

    /// <summary>The strongest, then some of each part of the range, then the most negative, each at most one of a text.</summary>
    private static IEnumerable<ExampleGroup> Groups(IndexedCorpus corpus, float[] values, int[] descending, DashboardOptions options)
    {
        Example At(int place) => corpus.Window(place, options.Window, p => p < values.Length && !float.IsNaN(values[p]) ? values[p] : 0);
        IReadOnlyList<Example> OnePerText(IEnumerable<int> places, int count) => [.. places.DistinctBy(p => corpus.PlaceOf(p).Sequence).Take(count).Select(At)];
        yield return new("Strongest", "at most one of each text", OnePerText(descending, options.Top));
        var (low, high) = (values[descending[^1]], values[descending[0]]);
        var random = new Random(0);
        for (var band = options.Bands - 1; band >= 0; band--)
        {
            var (from, to) = (low + (high - low) * band / options.Bands, low + (high - low) * (band + 1) / options.Bands);
            int[] inside = [.. descending.Where(p => values[p] > from && values[p] <= to || band == 0 && values[p] == low)];
            if (inside.Length == 0) continue;
            int[] drawn = [.. inside];
            random.Shuffle(drawn);
            yield return new($"{Html.Number(from)} to {Html.Number(to)}", $"{LatentDashboard.Percent(inside.Length / (double)descending.Length)} of tokens, drawn at random",
                [.. drawn.Take(options.PerBand).OrderByDescending(p => values[p]).Select(At)]);
        }
        yield return new("Lowest", "at most one of each text", OnePerText(descending.Reverse(), options.PerBand));
    }

    private static IReadOnlyList<LabelProfile> Profile(IndexedCorpus corpus, float[] values, int[] places) =>
    [
        .. corpus.Kinds.Select(kind =>
        {
            var byLabel = places.Select(p => (Label: corpus.Label(kind.Name, p), Value: values[p])).Where(p => p.Label is not null).ToLookup(p => p.Label, p => (double)p.Value);
            return new LabelProfile(kind.Name, [.. kind.Values.Where(byLabel.Contains).Select(v => new LabelRate(v, byLabel[v].Count(), 0, 0, byLabel[v].Average()))]);
        }),
    ];
}
