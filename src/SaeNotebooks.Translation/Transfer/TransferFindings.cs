using System.Globalization;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>What the figures of a transfer study come to, in sentences that follow from them.</summary>
public static class TransferFindings
{
    /// <summary>One finding each, the verdict of each way of matching first.</summary>
    public static IReadOnlyList<string> Of(TransferReport report) =>
    [
        .. report.Matchings.Select(m => Verdict(report, m)), Source(report), .. report.Matchings.Select(m => Found(m)), Agreement(report), .. report.Matchings.Select(m => Sizes(report, m)),
        .. Joint(report), Scale(report), Quality(report),
    ];

    private static string Verdict(TransferReport report, MatchingResult matching)
    {
        var says = matching.Verdict switch
        {
            TransferVerdict.Transfers => "causality transfers",
            TransferVerdict.Partly => "causality transfers in part",
            _ => "it is not shown that causality transfers",
        };
        return Text($"Matched by {matching.By}, {says} from {report.From.Name} to {report.To.Name}. Ablating a match changes the log-probability of the references by {Of(matching.OverPeers)} nats per token beyond its peers of like firing rate and norm (median latent {matching.OverPeers.Median:+0.0000;−0.0000;0.0000}, Holm {P(matching.OverPeers.Holm)}), and by {Of(matching.OverControls)} beyond the matches of control latents (median {matching.OverControls.Median:+0.0000;−0.0000;0.0000}, Holm {P(matching.OverControls.Holm)}); ")
            + Text($"each alone, {matching.OfFound.Where(l => l.Holm < 0.05 && l.BeyondPeers!.Value < 0).DistinctBy(l => l.Match.Match).Count()} of {matching.OverPeers.Latents} matches cost significantly.");
    }

    private static string Source(TransferReport report) => Text($"In {report.From.Name}, on the same fresh prompts, ablating one of the {report.Source.Latents} found latents changes it by {Of(report.Source)} beyond their controls (p {P(report.Source.P)}).");

    private static string Found(MatchingResult matching) => Text($"By {matching.By}, {matching.OfFound.Count(l => l.Match.IsFound)} of {matching.OfFound.Count()} found latents and {matching.OfControls.Count(l => l.Match.IsFound)} of {matching.OfControls.Count()} controls have a match beyond chance, at a mean correlation of {matching.OfFound.Average(l => l.Match.Correlation):0.00} and {matching.OfControls.Select(l => l.Match.Correlation).DefaultIfEmpty(double.NaN).Average():0.00}; {matching.OverPeers.Latents} different latents stand for the found ones, and {matching.Shared} controls share one of these. ")
        + Text($"The matches fire on {100 * matching.Likeness.Rate:0.0} % of the tokens where they are ablated and write {matching.Likeness.Norm:0.00}, their peers {100 * matching.Likeness.PeerRate:0.0} % and {matching.Likeness.PeerNorm:0.00}.");

    private static string Agreement(TransferReport report) => Text($"The two ways give the same match for {report.Same} of {report.Agreement.Pairs} found latents; a match by activations is by logit weights more like its latent than {100 * report.Agreement.Mean:0} % of all, {100 * report.Agreement.Shuffled:0} % if matches are dealt out anew (p {P(report.Agreement.P)}); ")
        + string.Join("; ", report.Matchings.Select(m => Text($"what pairs by {m.By} do to the logits at the end correlates with {m.Downstream.Mean:0.00}, {m.Downstream.Shuffled:0.00} dealt out anew (p {P(m.Downstream.P)})"))) + ".";

    private static string Sizes(TransferReport report, MatchingResult matching) => Text($"By {matching.By}, the rank correlation of a latent's cost in {report.From.Name} and its match's in {report.To.Name} is {matching.Sizes:+0.00;−0.00;0.00}.");

    private static IEnumerable<string> Joint(TransferReport report) => report.Joint.GroupBy(j => j.Model).Select(model => $"Ablated all at once in generation, which is no part of the rule, {model.Key}: "
        + string.Join("; ", model.Where(j => j.Peer is null).Select(j => Text($"{j.What} ({j.Latents}), off task {j.OffTask.Points}, right {j.Right.Points} points"))
            .Concat(model.Where(j => j.Peer is not null).GroupBy(j => j.What).Select(g => Text($"{g.Key} ({g.Count()} sets of them), off task {100 * g.Min(j => j.OffTask.Value):+0.0;−0.0;0.0} to {100 * g.Max(j => j.OffTask.Value):+0.0;−0.0;0.0}, right {100 * g.Min(j => j.Right.Value):+0.0;−0.0;0.0} to {100 * g.Max(j => j.Right.Value):+0.0;−0.0;0.0} points")))) + ".");

    private static string Scale(TransferReport report) => Text($"For scale: the most that a single latent of {report.To.Name} costs, of those with the largest first-order effects, is {report.Strongest.Select(s => -s.Effect.Value).DefaultIfEmpty(double.NaN).Max():0.000} nats per token; of the found ones in {report.From.Name}, {report.Sources.Max(s => -s.Latent.Effect.Value):0.000}.");

    private static string Quality(TransferReport report) => string.Join("; ", new[] { report.From, report.To }.Select(m =>
        Text($"{m.Name} ({m.Layers} layers of width {m.Width}) has a perplexity of {m.Perplexity:0.00} on stories") + (m.Right is { } right ? $" and translates {right.Percent} of the prompts rightly, {m.OffTask!.Percent} off task" : "")))
        + Text($"; the SAEs that were searched are after layers {string.Join(", ", report.Saes.Select(s => s.Layer))} of {report.To.Name} and explain {string.Join(", ", report.Saes.Select(s => Text($"{100 * s.ExplainedVariance:0.0} %")))} of the variance.");

    private static string Of(Contrast contrast) => Text($"{contrast.Effect.Value:+0.0000;−0.0000;0.0000} [{contrast.Effect.Low:0.0000}, {contrast.Effect.High:0.0000}]");

    private static string P(double p) => p < 0.001 ? "< 0.001" : p.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
