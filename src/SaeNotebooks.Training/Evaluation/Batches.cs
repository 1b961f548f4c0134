using SaeNotebooks.Models;

namespace SaeNotebooks.Training.Evaluation;

/// <summary>Puts sequences of similar length together, so that little is padded.</summary>
public static class Batches
{
    /// <summary>Numbers in an MLP's activations (6 MB in float32), of which a block holds several.</summary>
    private const int MlpNumbers = 3 << 19;

    /// <summary>As many tokens as a model can be given at once before what a block computes takes memory of note.</summary>
    public static int TokensFor(HookedTransformer model) => Math.Clamp(MlpNumbers / model.Config.DMlp, 256, 4096);

    /// <summary>Indices of the sequences, shortest first, in batches of at most so many rows and so many tokens with padding.</summary>
    public static IEnumerable<int[]> ByLength(IReadOnlyList<IReadOnlyList<int>> sequences, int rows, int tokens = int.MaxValue)
    {
        var order = Enumerable.Range(0, sequences.Count).OrderBy(i => sequences[i].Count).ToArray();
        for (var at = 0; at < order.Length;)
        {
            var count = 1;
            while (count < rows && at + count < order.Length && (count + 1L) * sequences[order[at + count]].Count <= tokens) count++;
            yield return order[at..(at + count)];
            at += count;
        }
    }
}
