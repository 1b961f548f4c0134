using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Sparse;

/// <summary>The active latents of a batch as pairs of a token and a latent, token by token, by ascending latent within each.</summary>
/// <param name="Start">[tokens + 1]: where each token's pairs begin; the last is the number of pairs</param>
/// <param name="Latents">[pairs]</param>
/// <param name="Values">[pairs], positive</param>
internal sealed record ActivePairs(int[] Start, int[] Latents, float[] Values)
{
    /// <summary>Number of tokens.</summary>
    public int Tokens => Start.Length - 1;

    /// <summary>Number of pairs.</summary>
    public int Count => Latents.Length;

    /// <summary>From what an encoder found; its tensors are disposed.</summary>
    public static ActivePairs Of((long[] Offsets, Tensor Ids, Tensor Values) found)
    {
        using Tensor ids = found.Ids, values = found.Values;
        return new([.. found.Offsets.Select(o => (int)o)], [.. ids.data<long>().Select(id => (int)id)], values.data<float>().ToArray());
    }

    /// <summary>The strongest pairs of the whole batch; of equal ones the first.</summary>
    public ActivePairs Strongest(int count)
    {
        if (count >= Count) return this;
        float[] sorted = [.. Values];
        Array.Sort(sorted);
        var bar = sorted[Count - count];
        var atBar = count - Values.Count(v => v > bar);
        var kept = Enumerable.Range(0, Count).Where(i => Values[i] > bar || (Values[i] == bar && atBar-- > 0)).ToArray();
        var (start, k) = (new int[Start.Length], 0);
        for (var token = 0; token < Tokens; token++)
        {
            while (k < kept.Length && kept[k] < Start[token + 1]) k++;
            start[token + 1] = k;
        }
        return new(start, [.. kept.Select(i => Latents[i])], [.. kept.Select(i => Values[i])]);
    }

    /// <summary>The pairs sorted by latent, and by token within each (a counting sort).</summary>
    /// <param name="width">number of latents</param>
    public PairsByLatent ByLatent(int width)
    {
        var start = new int[width + 1];
        foreach (var latent in Latents) start[latent + 1]++;
        for (var i = 0; i < width; i++) start[i + 1] += start[i];
        var next = start.AsSpan(0, width).ToArray();
        int[] pairs = new int[Count], tokens = new int[Count];
        for (var token = 0; token < Tokens; token++)
            for (var pair = Start[token]; pair < Start[token + 1]; pair++)
            {
                var at = next[Latents[pair]]++;
                (pairs[at], tokens[at]) = (pair, token);
            }
        return new(start, pairs, tokens);
    }
}

/// <summary>Pairs by latent.</summary>
/// <param name="Start">[latents + 1]: where each latent's pairs begin</param>
/// <param name="Pairs">[pairs]: their numbers in the order by token</param>
/// <param name="Tokens">[pairs]: their tokens</param>
internal sealed record PairsByLatent(int[] Start, int[] Pairs, int[] Tokens);
