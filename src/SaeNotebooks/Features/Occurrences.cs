namespace SaeNotebooks.Features;

/// <summary>Where one latent fires, in the order of the corpus. Points into the index: valid until it is disposed.</summary>
public readonly ref struct Occurrences
{
    private readonly float _scale;

    internal Occurrences(ReadOnlySpan<uint> places, ReadOnlySpan<Half> codes, float scale)
    {
        Places = places;
        Codes = codes;
        _scale = scale;
    }

    /// <summary>Places in the corpus, ascending.</summary>
    public ReadOnlySpan<uint> Places { get; }

    /// <summary>How many.</summary>
    public int Count => Places.Length;

    /// <summary>The activation at one of the places, to three significant digits.</summary>
    public float this[int index] => (float)Codes[index] * _scale;

    /// <summary>The activation at a place of the corpus; 0 where the latent is silent.</summary>
    public float At(long place) => Places.BinarySearch((uint)place) is >= 0 and var index ? this[index] : 0;

    /// <summary>As stored: positive, so that they sort as their bits do.</summary>
    internal ReadOnlySpan<Half> Codes { get; }

    /// <summary>The activation that a code stands for.</summary>
    internal float ValueOf(ushort code) => (float)BitConverter.UInt16BitsToHalf(code) * _scale;

    /// <summary>The bits of a code.</summary>
    internal ushort Bits(int index) => BitConverter.HalfToUInt16Bits(Codes[index]);

    /// <summary>The smallest code that stands for an activation of at least this; one beyond all codes if none does.</summary>
    internal int FirstCode(double atLeast)
    {
        var (low, high) = (0, CodeCounts.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ValueOf((ushort)middle) >= atLeast) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}

/// <summary>How often each float16 occurs among a latent's activations: exact quantiles and borders in one pass, without sorting.</summary>
internal static class CodeCounts
{
    /// <summary>Finite positive float16, as bits.</summary>
    public const int Length = 0x7C00;

    public static int[] Of(Occurrences occurrences)
    {
        var counts = new int[Length];
        for (var i = 0; i < occurrences.Count; i++) counts[occurrences.Bits(i)]++;
        return counts;
    }
}
