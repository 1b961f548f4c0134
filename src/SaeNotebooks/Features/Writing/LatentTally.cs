using SaeNotebooks.Features.Storage;

namespace SaeNotebooks.Features.Writing;

/// <summary>A latent's firings as they are stored, and the numbers that are computed from them once: the one source of statistics of latents.</summary>
internal sealed class LatentTally
{
    private readonly List<Half> _codes = [];
    private ushort[] _sorted = [];

    /// <summary>As stored, in the order of the places.</summary>
    public ReadOnlySpan<Half> Codes => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_codes);

    /// <summary>A power of two: an activation is its code times this.</summary>
    public float Scale { get; private set; }

    /// <summary>[<see cref="SaeFiles.StatisticsPerLatent"/>]: max, mean, root mean square, quantiles, bias; zeros where it never fires.</summary>
    public float[] Statistics { get; } = new float[SaeFiles.StatisticsPerLatent];

    /// <param name="values">activations, positive</param>
    /// <param name="bias">b_enc of the latent</param>
    public void Take(ReadOnlySpan<float> values, float bias)
    {
        var (max, sum, squares) = (0f, 0.0, 0.0);
        foreach (var value in values)
        {
            max = Math.Max(max, value);
            sum += value;
            squares += (double)value * value;
        }
        Encode(values, max);
        var count = Math.Max(1, values.Length);
        (Statistics[0], Statistics[1], Statistics[2], Statistics[7]) = (max, (float)(sum / count), (float)Math.Sqrt(squares / count), bias);
        Quantiles(Statistics.AsSpan(3, ActivationQuantiles.Shares.Length));
    }

    /// <summary>The largest activation gets a code in [2¹⁴, 2¹⁵), below float16's limit of 65,504; one that is too small for float16 still counts as firing.</summary>
    private void Encode(ReadOnlySpan<float> values, float max)
    {
        Scale = max > 0 ? MathF.ScaleB(1, Math.Max(-126, Math.ILogB(max) - 14)) : 1;
        _codes.Clear();
        foreach (var value in values) _codes.Add((Half)(value / Scale) is var code && code > Half.Zero ? code : Half.Epsilon);
    }

    private void Quantiles(Span<float> quantiles)
    {
        quantiles.Clear();
        if (_codes.Count == 0) return;
        if (_sorted.Length < _codes.Count) _sorted = new ushort[Math.Max(_codes.Count, 2 * _sorted.Length)];
        var sorted = _sorted.AsSpan(0, _codes.Count);
        for (var i = 0; i < sorted.Length; i++) sorted[i] = BitConverter.HalfToUInt16Bits(_codes[i]);
        sorted.Sort(); // positive float16 sort as their bits do
        for (var q = 0; q < quantiles.Length; q++)
        {
            var rank = Math.Max(1, (int)Math.Ceiling(ActivationQuantiles.Shares[q] * sorted.Length));
            quantiles[q] = (float)BitConverter.UInt16BitsToHalf(sorted[rank - 1]) * Scale;
        }
    }
}
