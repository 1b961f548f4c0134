using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Switch;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>The matches of latents in both ways, and how the ways agree.</summary>
/// <param name="ByActivation">one for each latent</param>
/// <param name="ByLogits">one for each latent</param>
/// <param name="Agreement">of the found latents alone: see <see cref="TransferReport"/></param>
/// <param name="Downstream">of the found latents alone, by activation and by logit weights: see <see cref="MatchingResult"/></param>
internal sealed record Matches(IReadOnlyList<LatentMatch> ByActivation, IReadOnlyList<LatentMatch> ByLogits, PairingTest Agreement, IReadOnlyList<PairingTest> Downstream);

/// <summary>Matches the found latents and their controls.</summary>
/// <param name="subject">both models</param>
/// <param name="options">how much</param>
/// <param name="cancel">looked at before every batch</param>
internal sealed class MatchingStage(TransferSubject subject, TransferOptions options, CancellationToken cancel)
{
    /// <param name="latents">the found ones, then the controls</param>
    /// <param name="downstream">prompts on which influences are compared</param>
    public Matches Run(IReadOnlyList<LatentId> latents, IReadOnlyList<string> downstream)
    {
        var (activations, logits) = (Activations(latents), Logits(latents));
        var found = subject.Found.Causal.Count;
        return new(activations.Matches, logits.Matches, Agreement(activations, logits, found),
            [.. new[] { activations, logits }.Select(c => Downstream([.. c.Matches.Take(found)], downstream))]);
    }

    private Comparison Activations(IReadOnlyList<LatentId> latents)
    {
        var sampler = new Evaluation.PromptSampler(subject.Corpus.Grammar, subject.Corpus.Wordings);
        List<string> prompts = [.. new SwitchPrompts(sampler, subject.Corpus.Wordings, new() { DiscoveryPrompts = options.MatchingPrompts, Seed = options.Seed }).Discovery().Select(d => d.Prompt)];
        using var from = new ActivationSignatures(subject.From, prompts, cancel);
        using var to = new ActivationSignatures(subject.To, prompts, cancel);
        return LatentTransfer.Compare(from, latents, to, options.Seed + 1, cancel);
    }

    private Comparison Logits(IReadOnlyList<LatentId> latents)
    {
        var (from, to) = LogitSignatures.OfBoth(subject.From, subject.To);
        using (from) using (to) return LatentTransfer.Compare(from, latents, to, options.Seed + 2, cancel);
    }

    /// <summary>For each found latent and each match by activation, the share of the other model's latents whose logit weights are less like the latent's.</summary>
    private PairingTest Agreement(Comparison activations, Comparison logits, int found)
    {
        var places = logits.Others.Index().ToDictionary(o => o.Item, o => o.Index);
        return PairingTest.Of([.. logits.Correlations.Take(found).Select(row =>
            activations.Matches.Take(found).Select(m => row.Count(c => c < row[places[m.Match]]) / (row.Length - 1.0)).ToArray())], options.Seed + 3);
    }

    private PairingTest Downstream(IReadOnlyList<LatentMatch> matches, IReadOnlyList<string> prompts) => PairingTest.Of(DownstreamLogits.Correlations(
        DownstreamLogits.Of(subject.From, [.. matches.Select(m => m.Latent)], prompts, cancel), DownstreamLogits.Of(subject.To, [.. matches.Select(m => m.Match)], prompts, cancel)), options.Seed + 4);
}
