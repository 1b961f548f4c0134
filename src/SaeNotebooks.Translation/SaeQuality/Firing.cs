using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Evaluation;

namespace SaeNotebooks.Translation.SaeQuality;

/// <summary>What an SAE does on every token of some documents but the first, which is BOS.</summary>
internal sealed class Firing
{
    private readonly int[][][] _active; // [document][position][slot]

    private Firing(IReadOnlyList<IReadOnlyList<int>> documents, Sae sae)
    {
        _active = [.. documents.Select(d => Enumerable.Repeat(Array.Empty<int>(), d.Count).ToArray())];
        Tally = new(sae.Width, sae.OutputWidth);
    }

    /// <summary>How well it reconstructs them.</summary>
    public ReconstructionTally Tally { get; }

    /// <summary>The latents that fire at a token; none at BOS, which is not encoded.</summary>
    public int[] this[int document, int position] => _active[document][position];

    public static Firing Of(HookedTransformer model, Sae sae, IReadOnlyList<IReadOnlyList<int>> documents, CancellationToken cancel)
    {
        var firing = new Firing(documents, sae);
        EncodingPass.Run(model, sae, documents, TokenPolicy.Default, firing.Add, cancel);
        return firing;
    }

    private void Add(EncodedTokens tokens)
    {
        Tally.Add(tokens.Target, tokens.Latents, tokens.Reconstruction);
        int[] ids = [.. tokens.Latents.Ids.cpu().data<long>().ToArray().Select(id => (int)id)];
        foreach (var (token, (document, position)) in tokens.Places.Index())
            _active[document][position] = ids[(int)tokens.Latents.Offsets[token]..(int)tokens.Latents.Offsets[token + 1]];
    }
}
