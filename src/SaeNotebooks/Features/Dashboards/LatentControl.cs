using SaeNotebooks.Controls;
using SaeNotebooks.Features.Interpretation;

namespace SaeNotebooks.Features.Dashboards;

/// <summary>A control that chooses a latent by its number or by words of its label.</summary>
public static class LatentControl
{
    private const int Listed = 50;

    /// <summary>Makes it. Without words it lists the latents with the best labels, or, where nobody has labelled, those that fire most often.</summary>
    /// <param name="index">the latents' SAE on a corpus</param>
    /// <param name="start">the first latent; the first of the list by default</param>
    /// <param name="offline">latents that exported pages keep; the first alone by default</param>
    /// <param name="name">what it is called</param>
    /// <exception cref="ArgumentOutOfRangeException">no such latent</exception>
    public static Control<int> Of(SaeIndex index, int? start = null, IEnumerable<int>? offline = null, string name = "latent")
    {
        foreach (var latent in (offline ??= []).Concat(start is { } s ? [s] : [])) index.Statistics(latent); // says which latents there are
        return Control.Search(name, words => Find(index, words), start ?? Find(index, "")[0], latent => Text(index, latent), offline);
    }

    private static IReadOnlyList<int> Find(SaeIndex index, string words)
    {
        words = words.Trim();
        if (int.TryParse(words, out var latent)) return latent >= 0 && latent < index.Width ? [latent] : [];
        var labels = LatentLabels.Find(index);
        if (labels is not null) return [.. labels.Search(words).Take(Listed).Select(l => l.Latent)];
        return words.Length == 0 ? [.. index.Rates.Index().OrderByDescending(r => r.Item).Take(Listed).Select(r => r.Index)] : [];
    }

    private static string Text(SaeIndex index, int latent) =>
        LatentLabels.Find(index)?[latent] is { } label ? $"{latent} · {label.Text}" : $"{latent}";
}
