using System.Globalization;
using SaeNotebooks.Analysis;
using SaeNotebooks.Display;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Runtime;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Attribution;

/// <summary>
/// Attribution patching on latents: what each latent at each token, and each error term, contributes to a metric, from one pass forwards and
/// backwards instead of a pass for each. To first order, taking a node out costs what it writes · ∇ (Nanda 2023; with error nodes Marks et al.
/// 2024).
/// </summary>
/// <param name="Tokens">the prompt</param>
/// <param name="Hook">the SAE's hook</param>
/// <param name="Metric">what is contributed to</param>
/// <param name="Value">the metric of the run</param>
/// <param name="Baseline">the metric with all nodes taken out</param>
/// <param name="Nodes">the largest contribution first</param>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed record LatentAttribution(IReadOnlyList<Token> Tokens, HookName Hook, string Metric, double Value, double Baseline,
    IReadOnlyList<NodeContribution> Nodes) : IDisplayable
{
    private const int Shown = 20;

    /// <summary>The sum of all contributions; with integrated gradients close to <see cref="Value"/> − <see cref="Baseline"/>.</summary>
    public double Total => Nodes.Sum(n => n.Contribution);

    /// <summary>Attributes a metric to the latents of an SAE.</summary>
    /// <param name="model">the model</param>
    /// <param name="sae">the SAE; latents of a TopK SAE are taken out without others coming in</param>
    /// <param name="prompt">token ids</param>
    /// <param name="metric">what is contributed to</param>
    /// <param name="baseline">a prompt of as many tokens, whose latents take the place of this one's; null takes them out</param>
    /// <param name="steps">0: the gradient of the run, attribution patching. More: integrated gradients (Sundararajan et al. 2017), the mean gradient
    /// at so many points on the way from the baseline, which is truer where the model is far from linear</param>
    /// <param name="positions">tokens that have nodes; by default all but BOS</param>
    /// <param name="frozen">what the gradient takes as constant</param>
    /// <param name="cancellation">ends it with an exception</param>
    /// <exception cref="ArgumentException">the SAE is a transcoder, the baseline has another length, or no token is selected</exception>
    public static LatentAttribution Of(HookedTransformer model, Sae sae, IReadOnlyList<int> prompt, Metric metric, IReadOnlyList<int>? baseline = null,
        int steps = 0, Positions? positions = null, Frozen frozen = Frozen.Nothing, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        var hook = sae.Config.Hook;
        var (batch, selected) = (new TokenBatch([prompt]), positions ?? Positions.AllButBos);
        using var parts = PartsOf(model, sae, batch, baseline, selected);
        using var scope = NewDisposeScope();
        using var run = model.Gradients(batch, hook, metric, Freeze.Of(model, frozen));
        using var progress = Progress.Start("Integrating gradients", steps, "steps", cancellation: cancellation);
        var gradient = steps == 0 ? run.Gradient(hook)[0]
            : Integrated(model, run.Activation(hook)[0], parts.Baseline, batch, hook, metric, steps, (Freeze.Of(model, frozen), selected), progress);
        var contributions = parts.Contributions(gradient.flatten(1));
        var without = metric.Of(model, batch, Edit.Replace(hook, parts.Baseline.view_as(run.Activation(hook)), selected))[0];
        return new([.. prompt.Select(model.TokenOf)], hook, metric.Name, run.Values[0], without,
            [.. parts.Nodes.Select((node, i) => new NodeContribution(node, parts.Activations[i], contributions[i])).OrderByDescending(n => Math.Abs(n.Contribution))]);
    }

    /// <summary>Contributions summed over each token's nodes, as coloured text.</summary>
    public TokenStrip Strip() => Show.Tokens(Tokens.Select(t => t.Text), Figures.Values.Of(Tokens.Select((_, position) =>
        Nodes.Where(n => n.Node.Position == position).Sum(n => n.Contribution))), Figures.Scale.Diverging);

    /// <inheritdoc/>
    public string ToHtml() => $"<div>{Html.Encode(Headline)}</div>{Strip().ToHtml()}{Table().ToHtml()}";

    /// <inheritdoc/>
    public string ToText() => $"{Headline}\n{Table().ToText()}";

    /// <inheritdoc/>
    public override string ToString() => ToText();

    /// <summary>The nodes of a prompt's activation.</summary>
    internal static LatentParts PartsOf(HookedTransformer model, Sae sae, TokenBatch batch, IReadOnlyList<int>? baseline, Positions selected)
    {
        if (sae.Config.IsTranscoder) throw new ArgumentException($"A {sae} does not explain the activation that it reads, so its latents are no parts of it.", nameof(sae));
        var prompt = batch.Prompts[0];
        if (baseline is not null && baseline.Count != prompt.Count)
            throw new ArgumentException($"The baseline has {baseline.Count} tokens and the prompt {prompt.Count}; latents can only be exchanged between prompts of one length.", nameof(baseline));
        int[] positions = [.. Enumerable.Range(0, prompt.Count)
            .Where(i => selected.Selects(batch.Place(0, i, model.Config.SpecialTokens.Bos, prompt.Count)!.Value))];
        if (positions.Length == 0) throw new ArgumentException($"No token of the prompt is selected by '{selected}'.", nameof(selected));
        var hook = sae.Config.Hook;
        using var run = model.Run(batch, hook);
        using var other = baseline is null ? null : model.Run(new TokenBatch([baseline]), hook);
        using var scope = NewDisposeScope();
        return LatentParts.Of(sae, run[hook][0].flatten(1), other?[hook][0].flatten(1), positions);
    }

    /// <summary>The mean gradient at h₀ + α (h − h₀) for α in the middles of equal steps: [pos, …].</summary>
    private static Tensor Integrated(HookedTransformer model, Tensor h, Tensor baseline, TokenBatch batch, HookName hook, Metric metric, int steps,
        (Edits Freeze, Positions Positions) run, Progress progress)
    {
        const int AtOnce = 16;
        var (h0, sum) = (baseline.view_as(h).to(h.dtype), zeros_like(h));
        foreach (var some in Enumerable.Range(0, steps).Chunk(AtOnce))
        {
            using var scope = NewDisposeScope();
            var alphas = tensor([.. some.Select(k => (k + 0.5) / steps)], dtype: h.dtype, device: h.device).view([-1, .. h.shape.Select(_ => 1L)]);
            var there = Edit.Replace(hook, h0.unsqueeze(0).Plus(alphas * (h - h0)), run.Positions);
            using var gradients = model.Gradients(batch.Repeat(some.Length), hook, metric, (Edits)there + run.Freeze, progress.Cancellation);
            sum.add_(gradients.Gradient(hook).sum([0L]), Scalars.One);
            progress.Report(some[^1] + 1);
        }
        return sum.Times(1.0 / steps);
    }

    private string Headline => $"{Metric}: {Html.Number(Value)}; {Html.Number(Baseline)} without the nodes of {Hook}; contributions sum to {Html.Number(Total)}";

    private DataTable Table() => Show.Table(["position", "token", "latent", "activation", "contribution"], Nodes.Take(Shown).Select(Row));

    private IReadOnlyList<object?> Row(NodeContribution node) => [node.Node.Position, TokenStrip.Visible(Tokens[node.Node.Position].Text),
        node.Node.Latent?.ToString(CultureInfo.InvariantCulture) ?? "error", node.Activation, node.Contribution];
}
