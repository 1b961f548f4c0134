using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>What a study of transfer measured.</summary>
/// <param name="Options">how much</param>
/// <param name="From">the model in which the latents were found</param>
/// <param name="To">the model they are carried over to</param>
/// <param name="Carried">how much of the task each layer of the second model carries; decides what layers must be searched</param>
/// <param name="Saes">those of the second model that are searched</param>
/// <param name="Sources">the found latents, then their controls</param>
/// <param name="Source">in the first model: do the found latents cost more than their controls on these prompts?</param>
/// <param name="Matchings">by activation, then by logit weights</param>
/// <param name="Agreement">whether a latent's match by activation is also like it by logit weights: the share of the second model's latents that are less so</param>
/// <param name="Same">of the found latents, those that both ways give the same match</param>
/// <param name="Strongest">of the second model, the latents whose ablation costs most of those with large first-order effects</param>
/// <param name="Joint">generation with many latents ablated at once</param>
public sealed record TransferReport(TransferOptions Options, ModelFacts From, ModelFacts To, IReadOnlyList<CarriedTask> Carried, IReadOnlyList<SaeFacts> Saes,
    IReadOnlyList<SourceLatent> Sources, Contrast Source, IReadOnlyList<MatchingResult> Matchings, PairingTest Agreement, int Same,
    IReadOnlyList<AblatedLatent> Strongest, IReadOnlyList<JointAblation> Joint);

/// <summary>A model, and how well it translates on the prompts of the study without interventions.</summary>
/// <param name="Name">short name</param>
/// <param name="Layers">blocks</param>
/// <param name="Width">d_model</param>
/// <param name="Perplexity">per token, on held-out stories of all languages</param>
/// <param name="LogProb">of the references, nats per token</param>
/// <param name="Right">share of generated translations that are one of the right ones; null if nothing was generated</param>
/// <param name="OffTask">share of answers that are something else than a translation; null if nothing was generated</param>
public sealed record ModelFacts(string Name, int Layers, int Width, double Perplexity, Estimate LogProb, Estimate? Right, Estimate? OffTask);

/// <summary>How much of the task the residual stream at the last prompt token carries after a layer.</summary>
/// <param name="Layer">after which</param>
/// <param name="Flipped">share of answers that follow the prompt whose residual stream was put in, mean over kinds of prompts</param>
public sealed record CarriedTask(int Layer, double Flipped);

/// <summary>An SAE of the second model.</summary>
/// <param name="Layer">after which</param>
/// <param name="Width">latents</param>
/// <param name="L0">active latents per token</param>
/// <param name="ExplainedVariance">FVE</param>
/// <param name="Dead">share of latents that never fired</param>
public sealed record SaeFacts(int Layer, int Width, double L0, double ExplainedVariance, double Dead);

/// <summary>An ablated latent.</summary>
/// <param name="Id">which</param>
/// <param name="Rate">share of the tokens where it is ablated on which it fires</param>
/// <param name="Norm">mean norm of what it writes there, silent counted as 0</param>
/// <param name="Effect">change of the references' log-probability, nats per token</param>
public sealed record AblatedLatent(LatentId Id, double Rate, double Norm, Estimate Effect);

/// <summary>A latent of the first model.</summary>
/// <param name="Latent">ablated there</param>
/// <param name="ControlOf">the found latent that a control is matched with; null of found ones</param>
public sealed record SourceLatent(AblatedLatent Latent, LatentId? ControlOf);

/// <summary>The match of a latent, ablated in the second model.</summary>
/// <param name="Match">the two latents</param>
/// <param name="ControlOf">of a control, the found latent that it is matched with</param>
/// <param name="Rate">share of the tokens where the match is ablated on which it fires</param>
/// <param name="Effect">of ablating the match, nats per token</param>
/// <param name="BeyondPeers">its effect beyond the mean of its peers, latents of the same layer that come nearest in firing rate and norm; null of controls</param>
/// <param name="P">sign-flip test of the latter, over prompts</param>
/// <param name="Holm">P, corrected for all matches of found latents of both ways</param>
public sealed record TransferredLatent(LatentMatch Match, LatentId? ControlOf, double Rate, Estimate Effect, Estimate? BeyondPeers, double? P, double? Holm);

/// <summary>Many latents ablated at once while the model generates.</summary>
/// <param name="Model">its name</param>
/// <param name="What">which latents</param>
/// <param name="Peer">of peers, whether they are the first of each match, or the second; null of others</param>
/// <param name="Latents">how many</param>
/// <param name="OffTask">change of the off-task rate</param>
/// <param name="Right">change of the share of right translations</param>
public sealed record JointAblation(string Model, string What, int? Peer, int Latents, Estimate OffTask, Estimate Right);
