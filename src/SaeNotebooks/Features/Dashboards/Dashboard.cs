using SaeNotebooks.Controls;
using SaeNotebooks.Display;
using SaeNotebooks.Features.Dashboards.Rendering;
using SaeNotebooks.Features.Interpretation;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Features.Dashboards;

/// <summary>
/// One latent, or any direction, on one page, as people know it from Neuronpedia and sae_vis: histogram with density, output tokens, examples from
/// the whole range, neighbours, and firing by language and task. Plain data that displays itself; needs no script.
/// </summary>
/// <example><code>
/// var index = bench.Index(Hook.ResidPost(4));
/// Dashboard.Show(index, 476)                               // or, once the index is open, Dashboard.Show(index.Sae, 476)
/// Dashboard.Explore(index)                                 // type a latent's number, or words of its label
/// Dashboard.Show(index, french - english, "French minus English")
/// Dashboard.Export(index, "site")                          // open site/index.html
/// </code></example>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed record Dashboard : IDisplayable
{
    /// <summary>What it is of, for example <c>Latent 476</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Where that is: SAE, hook, model, and on how much text.</summary>
    public required string Where { get; init; }

    /// <summary>The latent's number; null of a direction.</summary>
    public int? Latent { get; init; }

    /// <summary>What it stands for; null if nobody said.</summary>
    public LatentLabel? Label { get; init; }

    /// <summary>Its page at Neuronpedia; null if it has none.</summary>
    public Uri? Page { get; init; }

    /// <summary>What must be known before anything else, such as that a latent never fires; null if there is no such thing.</summary>
    public string? Notice { get; init; }

    /// <summary>Numbers.</summary>
    public IReadOnlyList<DashboardFact> Facts { get; init; } = [];

    /// <summary>Of activations, then of logit weights, as far as they are known.</summary>
    public IReadOnlyList<DashboardHistogram> Histograms { get; init; } = [];

    /// <summary>Output tokens that it promotes and suppresses; null if unknown.</summary>
    public LogitWeights? Logits { get; init; }

    /// <summary>Examples, the strongest first.</summary>
    public IReadOnlyList<ExampleGroup> Groups { get; init; } = [];

    /// <summary>Tokens on which it fires most often.</summary>
    public IReadOnlyList<TokenRate> Tokens { get; init; } = [];

    /// <summary>Firing by language, task, role and position.</summary>
    public IReadOnlyList<LabelProfile> Profile { get; init; } = [];

    /// <summary>What the numbers of <see cref="Profile"/> are: rates for latents, means for directions.</summary>
    internal bool ProfileShowsMeans { get; init; }

    /// <summary>Whether its lists are folded away under the examples.</summary>
    public bool Folded { get; init; }

    /// <summary>Related latents.</summary>
    public IReadOnlyList<NeighbourGroup> Neighbours { get; init; } = [];

    /// <summary>The dashboard of a latent.</summary>
    /// <param name="index">the latent's SAE on a corpus</param>
    /// <param name="latent">from 0</param>
    /// <param name="options">how much is shown</param>
    /// <exception cref="ArgumentOutOfRangeException">no such latent</exception>
    public static Dashboard Show(SaeIndex index, int latent, DashboardOptions? options = null) => LatentDashboard.Of(index, latent, options ?? new());

    /// <summary>The dashboard of a latent whose index is open: one that <see cref="FeatureIndex.Of"/> has given in this process.</summary>
    /// <param name="sae">the SAE</param>
    /// <param name="latent">from 0</param>
    /// <param name="options">how much is shown</param>
    /// <exception cref="FeatureIndexException">no index of it is open</exception>
    /// <exception cref="ArgumentOutOfRangeException">no such latent</exception>
    public static Dashboard Show(Sae sae, int latent, DashboardOptions? options = null) =>
        FeatureIndex.Find(sae) is { } index ? Show(index, latent, options)
            : throw new FeatureIndexException($"No index of the {sae} is open, so nobody knows what activates it: ask bench.Index({sae.Config.Hook}) first, or open one with FeatureIndex.Open(folder).Of(sae, model).");

    /// <summary>The dashboard of any direction at the hook of an SAE: a probe, a mean difference, a steering vector. The text of the index is run through the
    /// model, and a token's activation is the product of the hook's activation there with the direction.</summary>
    /// <param name="index">an SAE at the hook, asked with SAE and model; its latents are the neighbours</param>
    /// <param name="direction">[d_in]; its length is kept, so divide by it if a cosine-like scale is wanted</param>
    /// <param name="name">what it is</param>
    /// <param name="options">how much is shown, and how much text is run</param>
    /// <param name="cancellation">looked at before every batch</param>
    /// <exception cref="ArgumentException">another shape, or not finite</exception>
    /// <exception cref="InvalidOperationException">the index was asked without SAE and model</exception>
    public static Dashboard Show(SaeIndex index, Tensor direction, string name, DashboardOptions? options = null, CancellationToken cancellation = default) =>
        DirectionDashboard.Of(index, direction, name, options ?? new(), cancellation);

    /// <summary>The dashboard of whichever latent a person types the number of, or finds by words of its label, below the cell.</summary>
    /// <param name="index">the latents' SAE on a corpus</param>
    /// <param name="start">the first latent; by default the one with the best label, or the one that fires most often where there are none</param>
    /// <param name="offline">latents that exported pages and slides keep to choose from</param>
    /// <param name="options">how much is shown</param>
    /// <returns>null where the notebook shows it already; elsewhere a value that shows itself</returns>
    /// <exception cref="ArgumentOutOfRangeException">no such latent</exception>
    public static IDisplayable? Explore(SaeIndex index, int? start = null, IEnumerable<int>? offline = null, DashboardOptions? options = null) =>
        Interactive.Show(latent => Show(index, latent, options), LatentControl.Of(index, start, offline));

    /// <summary>Writes a folder with a page for each latent, that opens from disk in any browser, without a server or a network: <c>index.html</c>.</summary>
    /// <param name="index">the SAE on a corpus</param>
    /// <param name="folder">written anew; an existing one must be such a site, or empty</param>
    /// <param name="latents">which; all by default</param>
    /// <param name="options">how much is shown</param>
    /// <param name="cancellation">gives up; the folder is then as it was</param>
    /// <exception cref="IOException">the folder holds something else, or cannot be written</exception>
    public static void Export(SaeIndex index, string folder, IReadOnlyList<int>? latents = null, DashboardOptions? options = null, CancellationToken cancellation = default) =>
        DashboardSite.Write(index, folder, latents ?? [.. Enumerable.Range(0, index.Width)], options ?? new(), cancellation);

    /// <inheritdoc/>
    public string ToHtml() => DashboardHtml.Write(this);

    /// <inheritdoc/>
    public string ToText() => DashboardText.Write(this);

    /// <inheritdoc/>
    public override string ToString() => ToText();
}
