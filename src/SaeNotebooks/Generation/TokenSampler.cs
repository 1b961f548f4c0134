using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SaeNotebooks.Generation;

/// <summary>Chooses the next token of one prompt from its logits.</summary>
internal sealed class TokenSampler(GenerationOptions options, IEnumerable<int> prompt, int promptIndex)
{
    private readonly HashSet<int> _seen = [.. prompt];
    private readonly Random _random = new(unchecked((options.Seed * 397) ^ promptIndex));

    /// <param name="logits">[vocab]; changed by the call</param>
    public int Next(Span<float> logits)
    {
        if (options.RepetitionPenalty != 1) Penalise(logits);
        var token = options.Temperature == 0 ? Likeliest(logits) : Draw(logits);
        _seen.Add(token);
        return token;
    }

    /// <summary>Keskar et al. 2019, as in HuggingFace transformers.</summary>
    private void Penalise(Span<float> logits)
    {
        var penalty = (float)options.RepetitionPenalty;
        foreach (var id in _seen) logits[id] = logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty;
    }

    /// <summary>The first of the largest: its value, many logits at once, then its place.</summary>
    private static int Likeliest(ReadOnlySpan<float> logits)
    {
        var (best, largest) = (float.NegativeInfinity, Vector512.Create(float.NegativeInfinity));
        var rest = logits;
        for (; rest.Length >= Vector512<float>.Count; rest = rest[Vector512<float>.Count..]) largest = Vector512.MaxNumber(largest, Vector512.Create(rest));
        for (var i = 0; i < Vector512<float>.Count; i++) best = float.MaxNumber(best, largest[i]);
        foreach (var logit in rest) best = float.MaxNumber(best, logit);
        var bits = MemoryMarshal.Cast<float, int>(logits); // numbers with == are searched one by one
        return Math.Max(0, bits.IndexOf(BitConverter.SingleToInt32Bits(best))); // all NaN: the first token
    }

    private int Draw(ReadOnlySpan<float> logits)
    {
        var scores = logits.ToArray();
        var ids = Enumerable.Range(0, scores.Length).ToArray();
        Array.Sort(scores, ids, Comparer<float>.Create((a, b) => b.CompareTo(a)));
        var count = Math.Min(options.TopK ?? ids.Length, ids.Length);
        var weights = new double[count]; // softmax without its denominator, largest first
        for (var i = 0; i < count; i++) weights[i] = Math.Exp((scores[i] - (double)scores[0]) / options.Temperature);
        return ids[Pick(weights, _random.NextDouble())];
    }

    /// <summary>The nucleus: the fewest tokens whose probability reaches top-p; a draw falls among them in proportion to their
    /// weights.</summary>
    private int Pick(double[] weights, double draw)
    {
        var enough = options.TopP * weights.Sum();
        var (count, nucleus) = (0, 0.0);
        while (count < weights.Length && (count == 0 || nucleus < enough)) nucleus += weights[count++];
        var at = draw * nucleus;
        for (var i = 0; i < count - 1; i++)
            if ((at -= weights[i]) < 0) return i;
        return count - 1;
    }
}
