using System.Numerics;

namespace SaeNotebooks.Features.Storage;

/// <summary>The files of one SAE in an index, mapped.</summary>
internal sealed class SaeStore : IDisposable
{
    private readonly MappedArray<long> _offsets, _tokenOffsets;
    private readonly MappedArray<uint> _places, _labelFires;
    private readonly MappedArray<Half> _values;
    private readonly MappedArray<ushort> _latents;
    private readonly MappedArray<byte>? _latentsHigh;
    private readonly MappedArray<float> _scales, _statistics, _labelSums, _cosines, _logitWeights;
    private readonly MappedArray<int> _neighbours, _logitTokens;
    private readonly List<IDisposable> _all = [];
    private readonly string _folder;
    private MappedArray<int>? _pairs;
    private MappedArray<uint>? _pairsTogether;
    private MappedArray<float>? _pairsCorrelations;

    public SaeStore(string folder, IndexHeader header, IndexedSae sae)
    {
        Sae = sae;
        Labels = header.LabelCount;
        _folder = Path.Combine(folder, sae.Name);
        var (width, entries) = ((long)sae.Width, sae.Activations);
        (_offsets, _places, _values, _scales) = (Open<long>(SaeFiles.Offsets, width + 1), Open<uint>(SaeFiles.Places, entries), Open<Half>(SaeFiles.Values, entries), Open<float>(SaeFiles.Scales, width));
        (_tokenOffsets, _latents) = (Open<long>(SaeFiles.TokenOffsets, header.Tokens + 1), Open<ushort>(SaeFiles.Latents, entries));
        _latentsHigh = width > ushort.MaxValue + 1 ? Open<byte>(SaeFiles.LatentsHigh, entries) : null;
        _statistics = Open<float>(SaeFiles.Statistics, width * SaeFiles.StatisticsPerLatent);
        (_labelFires, _labelSums) = (Open<uint>(SaeFiles.LabelFires, width * Labels), Open<float>(SaeFiles.LabelSums, width * Labels));
        (_neighbours, _cosines) = (Open<int>(SaeFiles.Neighbours, width * sae.Facts), Open<float>(SaeFiles.NeighbourCosines, width * sae.Facts));
        (_logitTokens, _logitWeights) = (Open<int>(SaeFiles.LogitTokens, width * 2 * sae.Facts), Open<float>(SaeFiles.LogitWeights, width * 2 * sae.Facts));
    }

    /// <summary>Opens what is made last, of all the rest.</summary>
    public void OpenCoActive()
    {
        var length = (long)Sae.Width * Sae.Facts;
        (_pairs, _pairsTogether, _pairsCorrelations) = (Open<int>(SaeFiles.CoActive, length), Open<uint>(SaeFiles.CoActiveTogether, length), Open<float>(SaeFiles.CoActiveCorrelations, length));
    }

    public IndexedSae Sae { get; }

    public int Labels { get; }

    public long Fires(int latent) => _offsets[latent + 1] - _offsets[latent];

    public Occurrences Occurrences(int latent)
    {
        var (from, count) = (_offsets[latent], Fires(latent));
        return new(_places.Span(from, count), _values.Span(from, count), _scales[latent]);
    }

    /// <summary>Has all that is stored of a latent read at once, and not file by file as it is asked for.</summary>
    public void ReadAhead(int latent)
    {
        var (at, facts) = ((long)latent * Sae.Facts, (long)Sae.Facts);
        _places.ReadAhead(_offsets[latent], Fires(latent));
        _values.ReadAhead(_offsets[latent], Fires(latent));
        _scales.ReadAhead(latent, 1);
        _statistics.ReadAhead((long)latent * SaeFiles.StatisticsPerLatent, SaeFiles.StatisticsPerLatent);
        _labelFires.ReadAhead((long)latent * Labels, Labels);
        _labelSums.ReadAhead((long)latent * Labels, Labels);
        _neighbours.ReadAhead(at, facts);
        _cosines.ReadAhead(at, facts);
        _logitTokens.ReadAhead(2 * at, 2 * facts);
        _logitWeights.ReadAhead(2 * at, 2 * facts);
        _pairs!.ReadAhead(at, facts);
        _pairsTogether!.ReadAhead(at, facts);
        _pairsCorrelations!.ReadAhead(at, facts);
    }

    /// <summary>Adds an amount to the sum of each latent that fires on a token.</summary>
    public void Add<T>(long place, T amount, Span<T> sums) where T : INumber<T>
    {
        var (from, count) = (_tokenOffsets[place], _tokenOffsets[place + 1] - _tokenOffsets[place]);
        var low = _latents.Span(from, count);
        if (_latentsHigh is null)
        {
            foreach (var latent in low) sums[latent] += amount;
            return;
        }
        var high = _latentsHigh.Span(from, count);
        for (var i = 0; i < low.Length; i++) sums[low[i] | high[i] << 16] += amount;
    }

    public ReadOnlySpan<float> Statistics(int latent) => _statistics.Span((long)latent * SaeFiles.StatisticsPerLatent, SaeFiles.StatisticsPerLatent);

    public ReadOnlySpan<uint> LabelFires(int latent) => _labelFires.Span((long)latent * Labels, Labels);

    public ReadOnlySpan<float> LabelSums(int latent) => _labelSums.Span((long)latent * Labels, Labels);

    public (int[] Latents, float[] Cosines) Neighbours(int latent) =>
        (_neighbours.Span((long)latent * Sae.Facts, Sae.Facts).ToArray(), _cosines.Span((long)latent * Sae.Facts, Sae.Facts).ToArray());

    public (int[] Tokens, float[] Weights) Logits(int latent) =>
        (_logitTokens.Span((long)latent * 2 * Sae.Facts, 2 * Sae.Facts).ToArray(), _logitWeights.Span((long)latent * 2 * Sae.Facts, 2 * Sae.Facts).ToArray());

    /// <summary>The latents that fire with one, the most correlated first.</summary>
    public IEnumerable<(int Latent, long Together, float Correlation)> CoActive(int latent)
    {
        for (var i = (long)latent * Sae.Facts; i < (latent + 1L) * Sae.Facts && _pairs![i] >= 0; i++) yield return (_pairs[i], _pairsTogether![i], _pairsCorrelations![i]);
    }

    public void Dispose()
    {
        foreach (var array in _all) array.Dispose();
    }

    private MappedArray<T> Open<T>(string name, long length) where T : unmanaged
    {
        var array = MappedArray<T>.Open(Path.Combine(_folder, name), length);
        _all.Add(array);
        return array;
    }
}
