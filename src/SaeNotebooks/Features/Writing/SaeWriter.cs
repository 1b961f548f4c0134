using SaeNotebooks.Features.Storage;

namespace SaeNotebooks.Features.Writing;

/// <summary>Writes the latents of one SAE, ascending, and in the end the same entries token by token.</summary>
internal sealed class SaeWriter : IDisposable
{
    private readonly string _folder;
    private readonly IndexedSae _sae;
    private readonly float[] _biases;
    private readonly WrittenText _text;
    private readonly Action<IndexedSae> _completed;
    private readonly ArrayFile<long> _offsets;
    private readonly ArrayFile<uint> _places, _labelFires;
    private readonly ArrayFile<Half> _values;
    private readonly ArrayFile<float> _scales, _statistics, _labelSums;
    private readonly ScatterArray<long> _tokenOffsets;
    private readonly LatentTally _tally = new();
    private readonly uint[] _fires;
    private readonly double[] _sums;
    private int _next;
    private long _entries;

    public SaeWriter(string folder, IndexedSae sae, float[] biases, WrittenText text, Action<IndexedSae> completed)
    {
        (_folder, _sae, _biases, _text, _completed) = (folder, sae, biases, text, completed);
        Directory.CreateDirectory(folder);
        (_offsets, _places, _values) = (new(PathOf(SaeFiles.Offsets)), new(PathOf(SaeFiles.Places)), new(PathOf(SaeFiles.Values)));
        (_scales, _statistics) = (new(PathOf(SaeFiles.Scales)), new(PathOf(SaeFiles.Statistics)));
        (_labelFires, _labelSums) = (new(PathOf(SaeFiles.LabelFires)), new(PathOf(SaeFiles.LabelSums)));
        _tokenOffsets = new(PathOf(SaeFiles.TokenOffsets), text.Tokens + 1);
        (_fires, _sums) = (new uint[text.LabelCount], new double[text.LabelCount]);
        _offsets.Write(0);
    }

    /// <summary>Adds the latent that follows the last one; those passed over never fire.</summary>
    /// <param name="latent">from 0, ascending</param>
    /// <param name="places">ascending</param>
    /// <param name="values">positive</param>
    public void Add(int latent, ReadOnlySpan<uint> places, ReadOnlySpan<float> values)
    {
        while (_next < latent) Append([], []);
        Append(places, values);
    }

    /// <summary>Writes what remains; the SAE then belongs to the index.</summary>
    public void Complete()
    {
        while (_next < _sae.Width) Append([], []);
        foreach (var file in new IDisposable[] { _offsets, _places, _values, _scales, _statistics, _labelFires, _labelSums }) file.Dispose();
        TokenByToken();
        _completed(_sae with { Activations = _entries });
    }

    public void Dispose()
    {
        foreach (var file in new IDisposable[] { _offsets, _places, _values, _scales, _statistics, _labelFires, _labelSums, _tokenOffsets }) file.Dispose();
    }

    private void Append(ReadOnlySpan<uint> places, ReadOnlySpan<float> values)
    {
        _tally.Take(values, _biases[_next]);
        _text.Tally(places, values, _fires, _sums);
        foreach (var place in places) _tokenOffsets[place + 1L]++;
        _places.Write(places);
        _values.Write(_tally.Codes);
        _scales.Write(_tally.Scale);
        _statistics.Write(_tally.Statistics);
        _labelFires.Write(_fires);
        foreach (var sum in _sums) _labelSums.Write((float)sum);
        _offsets.Write(_entries += places.Length);
        _next++;
    }

    /// <summary>Puts each latent's number to the tokens on which it fires: since latents ascend, so do those of each token.</summary>
    private void TokenByToken()
    {
        long before = 0;
        for (var t = 1L; t <= _text.Tokens; t++)
        {
            var count = _tokenOffsets[t];
            _tokenOffsets[t] = before; // where token t − 1 begins, and once its latents are there, where it ends
            before += count;
        }
        using var places = MappedArray<uint>.Open(PathOf(SaeFiles.Places), _entries);
        using var offsets = MappedArray<long>.Open(PathOf(SaeFiles.Offsets), _sae.Width + 1L);
        using var low = new ScatterArray<ushort>(PathOf(SaeFiles.Latents), _entries);
        using var high = _sae.Width > ushort.MaxValue + 1 ? new ScatterArray<byte>(PathOf(SaeFiles.LatentsHigh), _entries) : null;
        for (var latent = 0; latent < _sae.Width; latent++)
            foreach (var place in places.Span(offsets[latent], offsets[latent + 1] - offsets[latent]))
            {
                var at = _tokenOffsets[place + 1L]++;
                low[at] = (ushort)latent;
                if (high is not null) high[at] = (byte)(latent >> 16);
            }
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
