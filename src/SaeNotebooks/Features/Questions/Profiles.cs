using SaeNotebooks.Features.Storage;

namespace SaeNotebooks.Features.Questions;

/// <summary>A latent's firing by label, as it was counted when the index was made.</summary>
internal static class Profiles
{
    public static IReadOnlyList<LabelProfile> Of(SaeStore store, IndexedCorpus corpus, int latent)
    {
        var fires = store.LabelFires(latent);
        var sums = store.LabelSums(latent);
        var tokens = corpus.LabelTokens;
        var profiles = new List<LabelProfile>();
        var at = 0;
        foreach (var kind in corpus.Kinds)
        {
            var rates = new LabelRate[kind.Values.Count];
            for (var i = 0; i < rates.Length; i++, at++)
            {
                var all = Math.Max(1, tokens[at]);
                rates[i] = new(kind.Values[i], tokens[at], fires[at], (double)fires[at] / all, sums[at] / (double)all);
            }
            profiles.Add(new(kind.Name, rates));
        }
        return profiles;
    }
}
