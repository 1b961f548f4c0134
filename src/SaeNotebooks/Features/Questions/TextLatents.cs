using SaeNotebooks.Models;

namespace SaeNotebooks.Features.Questions;

/// <summary>The latents that fire on a text of the reader's own, measured by the corpus.</summary>
internal static class TextLatents
{
    public static IReadOnlyList<TokenLatents> Of(SaeIndex index, string text, int perToken)
    {
        Sampling.RequireCount(perToken);
        var (sae, model) = index.BothBound();
        using var run = model.Run(text, index.Hook);
        using var latents = sae.Encode(run[index.Hook]);
        var counted = TokenPolicy.Default.Rows(run.Batch).ToHashSet();
        return [.. run.Tokens.Select((token, at) => new TokenLatents(token, counted.Contains(at) ? Firings(index, latents.At(at), perToken) : []))];
    }

    private static IReadOnlyList<LatentFiring> Firings(SaeIndex index, IReadOnlyList<(int Latent, float Value)> active, int count) =>
        [.. active.Select(a => new LatentFiring(a.Latent, a.Value, index.Rates[a.Latent], Rarity(index, a.Latent, a.Value)))
            .OrderBy(f => f.Rarity).ThenByDescending(f => f.Activation).Take(count)];

    private static double Rarity(SaeIndex index, int latent, float value)
    {
        var occurrences = index.Occurrences(latent);
        var bar = occurrences.FirstCode(value);
        long stronger = 0;
        for (var i = 0; i < occurrences.Count; i++)
            if (occurrences.Bits(i) >= bar) stronger++;
        return (double)stronger / Math.Max(1, index.Corpus.Counted);
    }
}
