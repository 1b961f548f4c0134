using System.Numerics;

namespace SaeNotebooks.Training.Corpus;

/// <summary>
/// A small seeded generator (xoshiro256**, seeded by splitmix64) that gives the same numbers on every platform and runtime.
/// Not safe for use by several threads at once.
/// </summary>
public sealed class Rng
{
    private readonly ulong[] state = new ulong[4];

    /// <summary>Starts the sequence that belongs to <paramref name="seed"/>.</summary>
    public Rng(ulong seed)
    {
        for (var i = 0; i < 4; i++)
            state[i] = SplitMix(ref seed);
    }

    /// <summary>64 uniform bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(state[1] * 5, 7) * 9;
        var shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = BitOperations.RotateLeft(state[3], 45);
        return result;
    }

    /// <summary>A uniform integer in [0, <paramref name="limit"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive.</exception>
    public int Next(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return (int)Math.BigMul(NextBits(), (ulong)limit, out _);
    }

    /// <summary>A uniform number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with the given probability.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>A uniform choice.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <summary>A choice with probability proportional to <paramref name="weight"/>; at least one weight must be positive.</summary>
    public T Pick<T>(IReadOnlyList<T> items, Func<T, double> weight)
    {
        var total = 0.0;
        for (var i = 0; i < items.Count; i++)
            total += weight(items[i]);
        var left = NextDouble() * total;
        for (var i = 0; i < items.Count - 1; i++)
        {
            left -= weight(items[i]);
            if (left < 0)
                return items[i];
        }
        return items[^1];
    }

    /// <summary>The four words from which the sequence continues; for checkpoints.</summary>
    public ulong[] Save() => [.. state];

    /// <summary>Continues a sequence saved with <see cref="Save"/>.</summary>
    /// <exception cref="ArgumentException">Not four words, or all of them zero.</exception>
    public static Rng Restore(ulong[] saved)
    {
        if (saved.Length != 4 || saved.All(word => word == 0))
            throw new ArgumentException($"A saved generator has 4 words that are not all zero; found {saved.Length}.", nameof(saved));
        var rng = new Rng(0);
        saved.CopyTo(rng.state, 0);
        return rng;
    }

    private static ulong SplitMix(ref ulong seed)
    {
        seed += 0x9E3779B97F4A7C15;
        var z = seed;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
