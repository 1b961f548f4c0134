using SaeNotebooks.Hooks;
using SaeNotebooks.Steering;
using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Study;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>What ablating a latent does to the references, by prompt, in nats per token.</summary>
internal sealed record AblationEffects(LatentId Id, IReadOnlyList<float> Effects);

/// <summary>Ablates latents of one model on the prompts of the study.</summary>
/// <param name="side">the model and its SAEs</param>
/// <param name="prompts">with references</param>
/// <param name="everyStep">wherever a token is decided, or at the last prompt token alone</param>
/// <param name="cancel">looked at before every batch</param>
internal sealed class AblationStage(LatentSide side, IReadOnlyList<TranslationPrompt> prompts, bool everyStep, CancellationToken cancel)
{
    private readonly ReferenceEffects _effects = new(side.Model, prompts, everyStep);

    /// <summary>Effects of latents of one layer.</summary>
    public IReadOnlyList<AblationEffects> Effects(int layer, IReadOnlyList<int> latents) => side.Use(layer, sae =>
        latents.Zip(_effects.Exact(sae, [.. latents.Select(l => new Intervention(l, 0))], null, cancel), (l, e) => new AblationEffects(new(layer, l), e)).ToList());

    /// <summary>The latents of a layer that should cost most, by the slope of the references' log-odds.</summary>
    public IReadOnlyList<int> Strongest(int layer, int count) => side.Use(layer, sae =>
    {
        var slopes = _effects.FirstOrder(sae, cancel); // [prompts][latents]
        return Enumerable.Range(0, sae.Width).OrderByDescending(j => slopes.Average(row => row[j])).Take(count).ToList();
    });

    /// <summary>How often latents fire, and how much they write, on the tokens where they are ablated; by layer.</summary>
    public Dictionary<int, LastTokenFiring> Firing(IReadOnlyList<int> layers)
    {
        List<(int[] Prompt, int[] Answer)> ids = [.. prompts.Select(p => ((int[])[.. side.Model.Encode(p.Text)], (int[])[.. side.Model.Encode(p.Answer, bos: false)]))];
        var places = ids.Index().SelectMany(p => Enumerable.Range(p.Item.Prompt.Length - 1, everyStep ? p.Item.Answer.Length : 1).Select(at => (p.Index, at))).ToList();
        using var rows = TokenRows.Capture(side.Model, [.. ids.Select(p => (int[])[.. p.Prompt, .. p.Answer])], places, [.. layers.Select(Hook.ResidPost)], cancel);
        return layers.Index().ToDictionary(l => l.Item, l => side.Use(l.Item, sae =>
        {
            using var own = rows[l.Index];
            return LastTokenFiring.Of(sae, own);
        }));
    }

    /// <summary>The peers of latents: those of the same layer that come nearest in firing rate and norm. The first peers of all latents are different ones, and so are
    /// the second; the first of one may be the second of another.</summary>
    /// <param name="latents">which; their layers are in <paramref name="firing"/></param>
    /// <param name="firing">of all latents of their layers</param>
    /// <param name="count">for each; fewer where a layer has no more</param>
    /// <param name="barred">latents that are no peers</param>
    public static Dictionary<LatentId, IReadOnlyList<LatentId>> Peers(IReadOnlyList<LatentId> latents, IReadOnlyDictionary<int, LastTokenFiring> firing, int count, IEnumerable<LatentId> barred)
    {
        var peers = latents.Distinct().ToDictionary(l => l, _ => new List<LatentId>());
        HashSet<LatentId> never = [.. barred, .. latents];
        for (var round = 0; round < count; round++)
        {
            var taken = new HashSet<LatentId>(never);
            // Those that write most have the fewest like them, so they choose first.
            foreach (var (id, own) in peers.OrderByDescending(p => firing[p.Key.Layer].Norms[p.Key.Latent]).ThenBy(p => p.Key))
            {
                var (rates, norms) = (firing[id.Layer].Rates, firing[id.Layer].Norms);
                var others = taken.Concat(own).Where(t => t.Layer == id.Layer).Select(t => t.Latent).ToHashSet();
                foreach (var nearest in MatchedControls.Nearest(rates, norms, id.Latent, others).Take(1))
                {
                    own.Add(new(id.Layer, nearest));
                    taken.Add(own[^1]);
                }
            }
        }
        return peers.ToDictionary(p => p.Key, p => (IReadOnlyList<LatentId>)p.Value);
    }

    /// <summary>Answers of the model with some latents ablated at once.</summary>
    public AnswerSet Answers(ITranslationTask task, IReadOnlyList<TranslationPrompt> asked, IReadOnlyList<LatentId> latents) =>
        Ablated([.. latents.Distinct().Order().GroupBy(l => l.Layer)], Edits.None, edits => AnswerSet.Of(side.Model, task, asked, edits, cancel));

    /// <summary>Opens the SAEs of all layers, one inside the other, while the work is done.</summary>
    private T Ablated<T>(IReadOnlyList<IGrouping<int, LatentId>> layers, Edits edits, Func<Edits, T> work)
    {
        if (edits.Count == layers.Count) return work(edits);
        var layer = layers[edits.Count];
        return side.Use(layer.Key, sae => Ablated(layers, edits + Steer.Multiply(sae, [.. layer.Select(l => l.Latent)], 0, everyStep ? Positions.LastAndGenerated : Positions.Last), work));
    }
}
