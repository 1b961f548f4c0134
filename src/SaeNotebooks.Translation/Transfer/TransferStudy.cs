using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Measures;
using SaeNotebooks.Translation.Study;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>
/// Whether latents that were found and causally verified in one model have counterparts in another, and whether these are causal too. Every latent, and random
/// latents of its firing rate and norm, are matched by activations and by logit weights; the matches are ablated in the second model, against peers of their firing
/// rate and norm and against the matches of the controls.
/// </summary>
public sealed class TransferStudy
{
    private readonly TransferSubject _subject;
    private readonly TransferOptions _options;
    private readonly TransferStages _stages;
    private readonly IReadOnlyList<LatentId> _found;
    private readonly IReadOnlyDictionary<LatentId, IReadOnlyList<LatentId>> _controls; // of each found latent
    private readonly IReadOnlyList<(LatentId Id, LatentId? ControlOf)> _sources; // the found latents, then their controls

    private TransferStudy(TransferSubject subject, TransferOptions options, TransferStages stages)
    {
        (_subject, _options, _stages, _found) = (subject, options, stages, subject.Found.Causal);
        _controls = stages.Peers(subject.From, _found, options.ControlsPerLatent, subject.Found.Suspects);
        _sources = [.. _found.Select(f => (f, (LatentId?)null)), .. _found.SelectMany(f => _controls[f].Select(c => (c, (LatentId?)f)))];
    }

    /// <summary>Runs all stages.</summary>
    /// <param name="subject">both models, their SAEs and the latents</param>
    /// <param name="carried">of the second model: <see cref="WhereCarried"/>; the layer that carries most must be among those with an SAE</param>
    /// <param name="options">how much is measured</param>
    /// <param name="cacheFolder">where finished parts are kept; a second run goes on from them. Null keeps nothing</param>
    /// <param name="cancel">ends it with an exception; what is finished stays in the cache</param>
    /// <exception cref="ArgumentException">SAEs or tokenizers do not fit, or the layer that carries most has no SAE</exception>
    public static TransferReport Run(TransferSubject subject, IReadOnlyList<CarriedTask> carried, TransferOptions? options = null, string? cacheFolder = null, CancellationToken cancel = default)
    {
        options ??= new();
        subject.To.Use(WhereCarried.Most(carried), sae => sae);
        subject.From.Require(subject.Found.Causal);
        var (first, second) = LogitSignatures.OfBoth(subject.From, subject.To); // refuses what cannot be compared before anything is measured
        using (first) using (second) return new TransferStudy(subject, options, new(subject, options, new StudyCache(cacheFolder, subject.Digest()), cancel)).Measure(carried);
    }

    private TransferReport Measure(IReadOnlyList<CarriedTask> carried)
    {
        var matches = _stages.Match([.. _sources.Select(s => s.Id)]);
        var strongest = _stages.Strongest();
        var first = new Ablations(new TransferAnalysis(_stages.Effects(_subject.From, _sources.Select(s => s.Id))), _stages.Firing(_subject.From, _found), _controls);
        var second = AblateMatches(matches, strongest);
        MatchingResult Result(string by, IReadOnlyList<LatentMatch> own, PairingTest downstream) => TransferMatching.Result(by, own, [.. _sources.Select(s => s.ControlOf)], first.Costs, second, downstream);
        var results = TransferAnalysis.Corrected([Result("activations", matches.ByActivation, matches.Downstream[0]), Result("logit weights", matches.ByLogits, matches.Downstream[1])]);
        var (plain, joint) = Generate(results, second.Peers);
        return new(_options, Facts(_subject.From, plain?.From), Facts(_subject.To, plain?.To), carried, _stages.Saes(),
            [.. _sources.Select(s => new SourceLatent(first.Of(s.Id), s.ControlOf))], first.Costs.Compare("their controls", _found.Select(f => (f, _controls[f]))), results, matches.Agreement,
            matches.ByActivation.Zip(matches.ByLogits).Take(_found.Count).Count(p => p.First.Match == p.Second.Match),
            [.. strongest.Select(second.Of).OrderBy(s => s.Effect.Value).Take(_options.Strongest)], joint);
    }

    /// <summary>Ablates all matches, the peers of those of found latents, and the latents that should cost most.</summary>
    private Ablations AblateMatches(Matches matches, IReadOnlyList<LatentId> strongest)
    {
        List<LatentId> ofFound = [.. new[] { matches.ByActivation, matches.ByLogits }.SelectMany(m => m.Take(_found.Count)).Select(m => m.Match).Distinct()];
        var peers = _stages.Peers(_subject.To, ofFound, _options.PeersPerMatch, barred: []);
        List<LatentId> others = [.. matches.ByActivation.Concat(matches.ByLogits).Select(m => m.Match), .. strongest];
        return new(new TransferAnalysis(_stages.Effects(_subject.To, [.. others, .. peers.Values.SelectMany(p => p)])), _stages.Firing(_subject.To, others), peers);
    }

    /// <summary>Generates with nothing ablated, with all matches, with those of one control for each, and with peers; null and nothing if that is left out.</summary>
    private ((AnswerSet From, AnswerSet To)?, IReadOnlyList<JointAblation>) Generate(IReadOnlyList<MatchingResult> results, IReadOnlyDictionary<LatentId, IReadOnlyList<LatentId>> peers)
    {
        if (_options.PromptsPerPair == 0) return (null, []);
        var from = Sets(_subject.From, [new("the found latents", null, _found), new("a control of each", null, [.. _found.SelectMany(f => _controls[f].Take(1))])]);
        var to = Sets(_subject.To, [.. results.SelectMany(r => TransferMatching.Sets(r, peers, _options.JointPeers))]);
        return ((from.Plain, to.Plain), [.. from.Joint, .. to.Joint]);
    }

    private (AnswerSet Plain, IReadOnlyList<JointAblation> Joint) Sets(LatentSide side, IReadOnlyList<LatentSet> sets)
    {
        var answers = _stages.Generate(side, [[], .. sets.Select(s => s.Latents)]);
        return (answers[0], [.. sets.Zip(answers.Skip(1), (set, a) => new JointAblation(side.Name, set.What, set.Peer, set.Latents.Distinct().Count(),
            Bootstrap.Difference([.. answers[0].OffTask], [.. a.OffTask]), Bootstrap.Difference(Right(answers[0]), Right(a))))]);
    }

    private ModelFacts Facts(LatentSide side, AnswerSet? plain) => new(side.Name, side.Model.Config.NLayers, side.Model.Config.DModel, _stages.Perplexity(side), Bootstrap.Mean(_stages.LogProbs(side)),
        plain is null ? null : Bootstrap.Share(Right(plain)), plain is null ? null : Bootstrap.Share(plain.OffTask));

    // The task gives 100 for every right translation, and less for others.
    private static List<bool> Right(AnswerSet answers) => [.. answers.Quality.Select(q => q == 100)];
}
