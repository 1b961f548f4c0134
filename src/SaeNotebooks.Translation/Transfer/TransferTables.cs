using SaeNotebooks.Translation.Study;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>The tables of a transfer report.</summary>
internal static class TransferTables
{
    private const int ShownLatents = 6;

    public static IReadOnlyList<StudyTable> Of(TransferReport report) =>
    [
        Contrasts(report), Models(report), .. report.Joint.Count > 0 ? new[] { Joint(report) } : [], .. report.Matchings.Select(m => Matches(report, m)), Agreement(report), Sources(report), Layers(report), Strongest(report),
    ];

    private static StudyTable Contrasts(TransferReport report) => new("contrasts", "The rule and what it says",
        $"Change of the references' log-probability by ablating one latent, nats per token, mean over latents; 95 % intervals over {report.To.LogProb.Count} prompts, paired. Wilcoxon's test is over latents; Holm's correction is for the four contrasts in {report.To.Name}. "
        + "Causality transfers if both contrasts of a way of matching have their whole interval below 0 and a corrected p below 0.05; partly if one has.",
        ["Model", "latents", "compared with", "different latents", "effect", "median latent", "p over latents", "Holm", "cost"],
        [
            [report.From.Name, "found", report.Source.Against, report.Source.Latents, report.Source.Effect, report.Source.Median, report.Source.P, null, report.Source.IsCost],
            .. from m in report.Matchings
               from c in new[] { m.OverPeers, m.OverControls }
               select (object?[])[report.To.Name, $"matches by {m.By}", c.Against, c.Latents, c.Effect, c.Median, c.P, c.Holm, c.IsCost],
        ]);

    private static StudyTable Models(TransferReport report) => new("models", "The models",
        "Without interventions, on held-out sentences in wordings and language pairs of training. Perplexity per token on stories, log-probability of references in nats per token; right is one of the compatible translations.",
        ["Model", "layers", "d_model", "perplexity", "log-probability", "right", "off task"],
        [.. new[] { report.From, report.To }.Select(m => (object?[])[m.Name, m.Layers, m.Width, m.Perplexity, m.LogProb, m.Right?.Percent, m.OffTask?.Percent])]);

    private static StudyTable Joint(TransferReport report) => new("joint", "Many latents ablated at once, in generation",
        $"Changes of shares on {report.Joint[0].OffTask.Count} prompts, paired with the unedited answers. The peers are the first of each match, then the second, and so on.",
        ["Model", "ablated", "peer", "latents", "off task", "right"], [.. report.Joint.Select(j => (object?[])[j.Model, j.What, j.Peer, j.Latents, j.OffTask, j.Right])]);

    private static StudyTable Matches(TransferReport report, MatchingResult matching) => new($"matches-by-{matching.By.Replace(' ', '-')}", $"Matches by {matching.By}",
        $"What the found latent costs in {report.From.Name}, and its match in {report.To.Name}: against the unedited run, and beyond its peers, the latents of its layer that come nearest in firing rate and norm. "
        + "By chance: the 95th of 100 impostors' best correlations. Sign-flip test over prompts, Holm's correction for all matches of both ways. The costliest found latents first, controls last.",
        ["Latent", "control of", "match", "correlation", "by chance", "found", "mutual", "fires", "cost of the latent", "cost of the match", "beyond peers", "Holm"],
        [
            .. from pair in matching.Latents.Zip(report.Sources, (match, source) => (Row: match, Cost: source.Latent.Effect.Value))
               let row = pair.Row
               orderby row.ControlOf is not null, pair.Cost
               select (object?[])[row.Match.Latent, row.ControlOf, row.Match.Match, row.Match.Correlation, row.Match.ByChance, row.Match.IsFound, row.Match.IsMutual, row.Rate, pair.Cost, row.Effect, row.BeyondPeers, row.Holm],
        ]) { Shown = ShownLatents };

    private static StudyTable Agreement(TransferReport report) => new("agreement", "How the two ways agree",
        "Pairs of found latent and match against the same latents and matches put together anew, one-sided permutation test. Place by logit weights: of the match by activations, the share of all latents searched that are less like the latent by logit weights (0.5 by chance). "
        + "Downstream: correlation over the vocabulary of what the two do to the logits at the end of their models.",
        ["Pairs", "measure", "latents", "mean", "put together anew", "p"],
        [
            Row("activations", "place by logit weights", report.Agreement),
            .. report.Matchings.Select(m => Row(m.By, "downstream correlation", m.Downstream)),
        ]);

    private static object?[] Row(string pairs, string measure, PairingTest test) => [pairs, measure, test.Pairs, test.Mean, test.Shuffled, test.P];

    private static StudyTable Sources(TransferReport report) => new("sources", $"The latents in {report.From.Name}",
        "Ablated again on fresh prompts. Controls: the latents of the same layer that come nearest in firing rate and norm, of those that the study of the translation switch does not suspect. It need not have screened them, so some may cost much themselves, which makes a contrast with them harder to reach. The costliest first.",
        ["Latent", "control of", "fires", "norm", "cost"], [.. report.Sources.OrderBy(s => s.ControlOf is not null).ThenBy(s => s.Latent.Effect.Value).Select(s => (object?[])[s.Latent.Id, s.ControlOf, s.Latent.Rate, s.Latent.Norm, s.Latent.Effect])]) { Shown = ShownLatents };

    private static StudyTable Layers(TransferReport report) => new("layers", $"Where {report.To.Name} carries the task, and its SAEs",
        "Flipped: share of answers that follow the prompt whose residual stream at the last token was put in, over all kinds of prompts; the layers searched were chosen by this. The SAEs on held-out documents, BOS excluded.",
        ["Layer", "flipped", "searched", "latents", "L0", "FVE", "dead"],
        [
            .. from layer in report.Carried
               let sae = report.Saes.FirstOrDefault(s => s.Layer == layer.Layer)
               select (object?[])[layer.Layer, layer.Flipped, sae is not null, sae?.Width, sae?.L0, sae?.ExplainedVariance, sae?.Dead],
        ]);

    private static StudyTable Strongest(TransferReport report) => new("strongest", $"What single latents can cost in {report.To.Name}",
        $"The largest losses among the {report.Options.Strongest} latents of each searched layer with the largest first-order effects on these prompts: chosen by what they are reported for, which flatters them.",
        ["Latent", "fires", "norm", "cost"], [.. report.Strongest.Select(s => (object?[])[s.Id, s.Rate, s.Norm, s.Effect])]);
}
