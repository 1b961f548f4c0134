using SaeNotebooks.Features.Questions;

namespace SaeNotebooks.Features.Interpretation;

/// <summary>What an explanation is made from, and what it is judged by. No text is in more than one part.</summary>
/// <param name="Shown">examples on which the latent is active, from the whole range: the explainer sees these</param>
/// <param name="Active">held-out examples on which it is active</param>
/// <param name="Silent">held-out examples on which it is silent: half of them on tokens on which it fires elsewhere, half anywhere</param>
/// <param name="Promoted">output tokens that it promotes</param>
public sealed record LatentEvidence(IReadOnlyList<Example> Shown, IReadOnlyList<Example> Active, IReadOnlyList<Example> Silent, IReadOnlyList<string> Promoted)
{
    private const int Tries = 50; // for each example that is silent: a latent that fires in nearly every text has few

    /// <summary>Draws the evidence of a latent.</summary>
    /// <param name="index">its SAE on a corpus</param>
    /// <param name="latent">from 0</param>
    /// <param name="options">how much</param>
    public static LatentEvidence Of(SaeIndex index, int latent, EvidenceOptions? options = null)
    {
        var o = options ?? new();
        var strongest = index.Top(latent, o.Shown / 2, o.Window);
        var others = index.ByQuantile(latent, 5, o.Shown + o.HeldOut, o.Window, o.Seed).SelectMany(b => b.Examples).DistinctBy(e => e.Sequence).ToArray();
        new Random(o.Seed).Shuffle(others);
        Example[] shown = [.. strongest.Concat(others).DistinctBy(e => e.Sequence).Take(o.Shown)];
        var used = shown.Select(e => e.Sequence).ToHashSet();
        Example[] active = [.. others.Where(e => used.Add(e.Sequence)).Take(o.HeldOut)];
        Example[] near = [.. index.NearMisses(latent, o.HeldOut, o.Seed, o.Window).Where(e => used.Add(e.Sequence)).Take(o.HeldOut / 2)];
        var elsewhere = Elsewhere(index, latent, o, used).Take(o.HeldOut - near.Length);
        return new(shown, active, [.. near, .. elsewhere], [.. (index.Logits(latent, o.Promoted)?.Top ?? []).Select(w => w.Token.Text)]);
    }

    /// <summary>Texts anywhere in which the latent is silent.</summary>
    private static List<Example> Elsewhere(SaeIndex index, int latent, EvidenceOptions o, HashSet<int> used)
    {
        var random = new Random(o.Seed + 1);
        var occurrences = index.Occurrences(latent);
        List<Example> found = [];
        for (var i = 0; i < o.HeldOut * Tries && found.Count < o.HeldOut; i++)
        {
            var place = random.NextInt64(index.Corpus.Tokens);
            if (!index.Corpus.Counts(place)) continue;
            var example = Sampling.At(index.Corpus, occurrences, place, o.Window);
            if (example.Activations.All(a => a == 0) && used.Add(example.Sequence)) found.Add(example);
        }
        return found;
    }
}

/// <summary>How much evidence an explanation is made from and judged by.</summary>
public sealed record EvidenceOptions
{
    /// <summary>Examples that the explainer sees: half of them the strongest, the others from the whole range.</summary>
    public int Shown { get; init; } = 20;

    /// <summary>Held-out examples of either kind.</summary>
    public int HeldOut { get; init; } = 20;

    /// <summary>Output tokens that the explainer is told; 0 for none.</summary>
    public int Promoted { get; init; } = 10;

    /// <summary>How much of a text.</summary>
    public ContextWindow Window { get; init; } = ContextWindow.Default;

    /// <summary>Seed of what is drawn.</summary>
    public int Seed { get; init; }
}
