using Microsoft.ML.OnnxRuntime;

namespace SaeNotebooks.Translation.Measures.Comet;

/// <summary>The token ids of a segment's three texts, in the order of <see cref="CometPart"/>.</summary>
internal sealed class CometTokens(IEnumerable<(long[] Ids, bool IsTruncated)> texts)
{
    private readonly (long[] Ids, bool IsTruncated)[] _texts = [.. texts];

    public long[] this[CometPart part] => _texts[(int)part].Ids;

    public bool IsTruncated => _texts.Any(t => t.IsTruncated);

    /// <summary>Tokens of the longest text.</summary>
    public int Longest => _texts.Max(t => t.Ids.Length);
}

/// <summary>
/// What a model is given for a batch: for each text the ids, padded to the longest of the batch, and the mask. The three have one width, since exports often
/// give their dimensions one name and are then bound to it. Owns the native values.
/// </summary>
internal sealed class CometFeed : IDisposable
{
    private readonly List<OrtValue> _values = [];

    public CometFeed(CometInputs inputs, IReadOnlyList<CometTokens> segments)
    {
        Batch = inputs.Batch ?? segments.Count;
        var longest = segments.Max(s => s.Longest);
        foreach (var (part, input) in inputs.Parts)
        {
            var rows = Enumerable.Range(0, Batch).Select(i => segments[Math.Min(i, segments.Count - 1)][part]).ToList(); // the last one again fills the batch up
            var width = input.Length ?? longest;
            Add(input.Ids, input.IsLong, width, [.. rows.SelectMany(row => Padded(row, width, XlmRobertaTokens.Padding))]);
            Add(input.Mask, input.IsLong, width, [.. rows.SelectMany(row => Padded([.. Enumerable.Repeat(1L, row.Length)], width, 0))]);
        }
    }

    /// <summary>How many segments the model is given, those that fill the batch up among them.</summary>
    public int Batch { get; }

    public List<string> Names { get; } = [];

    public IReadOnlyCollection<OrtValue> Values => _values;

    private void Add(string name, bool isLong, int width, long[] numbers) // [batch, width]
    {
        Names.Add(name);
        long[] shape = [Batch, width];
        _values.Add(isLong ? OrtValue.CreateTensorValueFromMemory(numbers, shape) : OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(numbers, n => (int)n), shape));
    }

    private static IEnumerable<long> Padded(long[] row, int width, long padding) => row.Concat(Enumerable.Repeat(padding, width - row.Length));

    public void Dispose() => _values.ForEach(v => v.Dispose());
}
