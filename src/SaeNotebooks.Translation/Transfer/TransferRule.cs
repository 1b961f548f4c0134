using System.Text.Json.Serialization;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>Whether what was causal in one model is causal in another.</summary>
public enum TransferVerdict
{
    /// <summary>The matches cost more than their peers, latents of the same layer, firing rate and norm, and more than the matches of control latents.</summary>
    Transfers,

    /// <summary>They cost more than one of the two, and not demonstrably more than the other.</summary>
    Partly,

    /// <summary>They cost demonstrably more than neither.</summary>
    NotShown,
}

/// <summary>The mean effect of some latents beyond that of others, paired by prompt.</summary>
/// <param name="Against">what they are compared with</param>
/// <param name="Latents">different latents compared; those that stand for several found ones count once</param>
/// <param name="Effect">mean over latents, nats per token; the interval is over prompts</param>
/// <param name="Median">over latents, of their mean effects over prompts: far from the mean where few latents carry it</param>
/// <param name="P">Wilcoxon's test over latents, of their mean effects over prompts</param>
/// <param name="Holm">P, corrected for all contrasts on which the verdicts rest</param>
public sealed record Contrast(string Against, int Latents, Estimate Effect, double Median, double P, double Holm)
{
    /// <summary>The rule, set down before the measurement: the whole interval over prompts lies below 0, and the test over latents, corrected, is below 5 %.</summary>
    public bool IsCost => Effect.High < 0 && Holm < 0.05;
}

/// <summary>How like matches and their peers are: means over different matches, of their peers' means.</summary>
/// <param name="Rate">share of the tokens where they are ablated on which matches fire</param>
/// <param name="PeerRate">the same of their peers</param>
/// <param name="Norm">mean norm of what matches write there, silent counted as 0</param>
/// <param name="PeerNorm">the same of their peers</param>
public sealed record Likeness(double Rate, double PeerRate, double Norm, double PeerNorm);

/// <summary>One way of matching, and what the matches do in the second model.</summary>
/// <param name="By">how latents were matched</param>
/// <param name="Latents">matches of found latents, then of controls</param>
/// <param name="OverPeers">effects of the matches of found latents beyond their peers, latents of the same layer that come nearest in firing rate and norm</param>
/// <param name="OverControls">beyond the matches of the found latents' controls; a control whose match is also that of a found latent is left out</param>
/// <param name="Shared">so many controls were left out</param>
/// <param name="Likeness">of the matches of found latents and their peers</param>
/// <param name="Sizes">rank correlation of what a found latent costs in the first model with what its match costs in the second</param>
/// <param name="Downstream">whether influences on the logits, each at the end of its own model, correlate within pairs of found latent and match</param>
public sealed record MatchingResult(string By, IReadOnlyList<TransferredLatent> Latents, Contrast OverPeers, Contrast OverControls, int Shared, Likeness Likeness, double Sizes, PairingTest Downstream)
{
    /// <summary>By the rule of both contrasts.</summary>
    public TransferVerdict Verdict => (OverPeers.IsCost, OverControls.IsCost) switch
    {
        (true, true) => TransferVerdict.Transfers,
        (false, false) => TransferVerdict.NotShown,
        _ => TransferVerdict.Partly,
    };

    /// <summary>Matches of found latents.</summary>
    [JsonIgnore]
    public IEnumerable<TransferredLatent> OfFound => Latents.Where(l => l.ControlOf is null);

    /// <summary>Matches of controls.</summary>
    [JsonIgnore]
    public IEnumerable<TransferredLatent> OfControls => Latents.Where(l => l.ControlOf is not null);
}
