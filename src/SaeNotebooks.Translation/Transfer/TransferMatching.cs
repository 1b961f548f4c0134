using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Measures;
using SaeNotebooks.Translation.Measures.Testing;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>What was ablated in a model.</summary>
/// <param name="Costs">what it cost</param>
/// <param name="Firing">by layer</param>
/// <param name="Peers">of the latents that matter, the latents of the same layer that come nearest in firing rate and norm</param>
internal sealed record Ablations(TransferAnalysis Costs, IReadOnlyDictionary<int, LastTokenFiring> Firing, IReadOnlyDictionary<LatentId, IReadOnlyList<LatentId>> Peers)
{
    public AblatedLatent Of(LatentId id) => new(id, Rate(id), Norm(id), Costs.Effect(id));

    public Likeness Likeness(IReadOnlyList<LatentId> matches) =>
        new(matches.Average(Rate), matches.Average(m => Peers[m].Select(Rate).DefaultIfEmpty(double.NaN).Average()), matches.Average(Norm), matches.Average(m => Peers[m].Select(Norm).DefaultIfEmpty(double.NaN).Average()));

    public double Rate(LatentId id) => Firing[id.Layer].Rates[id.Latent];

    private double Norm(LatentId id) => Firing[id.Layer].Norms[id.Latent];
}

/// <summary>Latents to ablate together.</summary>
/// <param name="What">in words</param>
/// <param name="Peer">of peers, whether they are the first of each match, or the second</param>
/// <param name="Latents">which</param>
internal sealed record LatentSet(string What, int? Peer, IReadOnlyList<LatentId> Latents);

/// <summary>Puts together what one way of matching gave.</summary>
internal static class TransferMatching
{
    /// <param name="by">how latents were matched</param>
    /// <param name="matches">of found latents and controls</param>
    /// <param name="controlOf">for each, the found latent that it is a control of; null of found ones</param>
    /// <param name="first">what they cost in the first model</param>
    /// <param name="second">what the matches cost</param>
    /// <param name="downstream">how the pairs agree at the end of their models</param>
    public static MatchingResult Result(string by, IReadOnlyList<LatentMatch> matches, IReadOnlyList<LatentId?> controlOf, TransferAnalysis first, Ablations second, PairingTest downstream)
    {
        var pairs = matches.Zip(controlOf, (m, of) => (Match: m, Of: of)).ToList();
        List<LatentMatch> found = [.. pairs.Where(p => p.Of is null).Select(p => p.Match)];
        var ofFound = found.Select(m => m.Match).ToHashSet();
        // A latent of the second model counts once, however many found latents it stands for; what stands for a found latent too is no control.
        var units = found.GroupBy(m => m.Match, m => m.Latent).Select(g => (g.Key, Controls: (IReadOnlyList<LatentId>)
            [.. pairs.Where(p => p.Of is { } of && g.Contains(of) && !ofFound.Contains(p.Match.Match)).Select(p => p.Match.Match).Distinct()])).ToList();
        return new(by, [.. pairs.Select(p => Row(p.Match, p.Of, second))],
            second.Costs.Compare("their peers, of the same layer, firing rate and norm", units.Select(u => (u.Key, second.Peers[u.Key]))),
            second.Costs.Compare("the matches of the controls", units),
            pairs.Count(p => p.Of is not null && ofFound.Contains(p.Match.Match)), second.Likeness([.. ofFound]),
            Correlation.OfRanks([.. found.Select(m => first.Mean(m.Latent))], [.. found.Select(m => second.Costs.Mean(m.Match))]), downstream);
    }

    /// <summary>Sets of as many latents each to ablate together: all matches of found latents, the match of one control for each, and peers.</summary>
    public static IEnumerable<LatentSet> Sets(MatchingResult result, IReadOnlyDictionary<LatentId, IReadOnlyList<LatentId>> peers, int count)
    {
        List<LatentId> found = [.. result.OfFound.Select(l => l.Match.Match).Distinct().Order()];
        yield return new($"matches by {result.By}", null, found);
        List<LatentId> controls = [.. result.OfControls.Select(l => l.Match.Match).Distinct().Except(found).Take(found.Count)];
        if (controls.Count > 0) yield return new($"matches of controls by {result.By}", null, controls);
        for (var peer = 0; peer < count; peer++)
            if (found.SelectMany(id => peers[id].Skip(peer).Take(1)).ToList() is { Count: > 0 } drawn) yield return new($"peers of the matches by {result.By}", peer + 1, drawn);
    }

    private static TransferredLatent Row(LatentMatch match, LatentId? controlOf, Ablations second)
    {
        var beyond = controlOf is null ? second.Costs.Beyond(match.Match, second.Peers[match.Match]) : null;
        return new(match, controlOf, second.Rate(match.Match), second.Costs.Effect(match.Match), beyond is null ? null : Bootstrap.Mean(beyond), beyond is null ? null : PairedTests.SignFlip(beyond), null);
    }
}
