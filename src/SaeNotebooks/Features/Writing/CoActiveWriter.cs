using SaeNotebooks.Features.Questions;
using SaeNotebooks.Features.Storage;

namespace SaeNotebooks.Features.Writing;

/// <summary>Writes for each latent which others fire with it, so that nobody has to look through the whole index for it.</summary>
internal static class CoActiveWriter
{
    /// <param name="folder">of the SAE</param>
    /// <param name="store">all else of it</param>
    /// <param name="counted">tokens that count</param>
    public static void Write(string folder, SaeStore store, long counted)
    {
        var (width, facts) = (store.Sae.Width, store.Sae.Facts);
        var (latents, together, correlations) = (new int[(long)width * facts], new uint[(long)width * facts], new float[(long)width * facts]);
        Array.Fill(latents, -1);
        if (facts > 0) Parallel.For(0, width, latent =>
        {
            foreach (var (i, pair) in Pairs.Of(counted, (store, latent), store, facts).Index())
            {
                var at = (long)latent * facts + i;
                (latents[at], together[at], correlations[at]) = (pair.Latent, (uint)pair.Together, (float)pair.Correlation);
            }
        });
        ArrayFile<int>.WriteAll(Path.Combine(folder, SaeFiles.CoActive), latents);
        ArrayFile<uint>.WriteAll(Path.Combine(folder, SaeFiles.CoActiveTogether), together);
        ArrayFile<float>.WriteAll(Path.Combine(folder, SaeFiles.CoActiveCorrelations), correlations);
    }
}
