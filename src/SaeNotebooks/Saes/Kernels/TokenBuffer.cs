namespace SaeNotebooks.Saes.Kernels;

/// <summary>The latents that fire on some consecutive tokens, as they are found, latent by latent; sorted by token in the end.</summary>
/// <param name="tokens">how many tokens</param>
internal sealed class TokenBuffer(int tokens)
{
    private int[] _tokens = new int[1024];
    private int[] _ids = new int[1024];
    private float[] _values = new float[1024];
    private readonly int[] _counts = new int[tokens];

    public int Count { get; private set; }

    /// <summary>By token, how many latents fire.</summary>
    public ReadOnlySpan<int> Counts => _counts;

    public void Add(int token, int latent, float value)
    {
        if (Count == _ids.Length)
        {
            Array.Resize(ref _tokens, 2 * Count);
            Array.Resize(ref _ids, 2 * Count);
            Array.Resize(ref _values, 2 * Count);
        }
        (_tokens[Count], _ids[Count], _values[Count]) = (token, latent, value);
        Count++;
        _counts[token]++;
    }

    /// <summary>Writes the entries token by token, those of a token in the order in which they were added.</summary>
    /// <param name="ids">[Count]</param>
    /// <param name="values">[Count]</param>
    public void CopySorted(Span<long> ids, Span<float> values)
    {
        Span<int> next = new int[tokens];
        for (var t = 1; t < tokens; t++) next[t] = next[t - 1] + _counts[t - 1];
        for (var i = 0; i < Count; i++)
        {
            var at = next[_tokens[i]]++;
            (ids[at], values[at]) = (_ids[i], _values[i]);
        }
    }
}
