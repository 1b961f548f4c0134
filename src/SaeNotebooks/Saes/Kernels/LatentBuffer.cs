namespace SaeNotebooks.Saes.Kernels;

/// <summary>The latents that fire on some consecutive tokens, as they are found: ids, values, and where each token's end.</summary>
internal sealed class LatentBuffer
{
    private long[] _ids = new long[1024];
    private float[] _values = new float[1024];
    private readonly List<int> _ends = [];

    public int Count { get; private set; }

    public ReadOnlySpan<long> Ids => _ids.AsSpan(0, Count);

    public ReadOnlySpan<float> Values => _values.AsSpan(0, Count);

    /// <summary>For each finished token, how many entries there are up to and including its own.</summary>
    public IReadOnlyList<int> Ends => _ends;

    public void Add(int latent, float value)
    {
        if (Count == _ids.Length)
        {
            Array.Resize(ref _ids, 2 * Count);
            Array.Resize(ref _values, 2 * Count);
        }
        _ids[Count] = latent;
        _values[Count++] = value;
    }

    public void EndToken() => _ends.Add(Count);
}
