namespace SaeNotebooks.Translation.Measures.EditRate;

/// <summary>
/// Edit distances between the beginnings of an output and of a reference, in a band around the diagonal as in Tercom. Rows of words that
/// two outputs share at their beginning are the same, so another output of the same length is measured from its first change.
/// </summary>
internal sealed class EditMatrix
{
    private const int BeamWidth = 25;

    /// <summary>Of cells outside of the band; far from overflow.</summary>
    private const int Infinite = 1_000_000_000;

    private readonly string[] _reference;
    private readonly double _ratio;
    private readonly int _beam;
    private readonly int[][] _costs;
    private readonly EditOperation[][] _operations;
    private string[] _output;

    /// <summary>The matrix of an output and a reference, in words.</summary>
    public EditMatrix(string[] output, string[] reference)
    {
        (_output, _reference) = (output, reference);
        _ratio = output.Length > 0 ? (double)reference.Length / output.Length : 1;
        // A band narrower than a step along the diagonal would have gaps.
        _beam = BeamWidth < _ratio / 2 ? (int)Math.Ceiling(_ratio / 2 + BeamWidth) : BeamWidth;
        _costs = [.. Enumerable.Range(0, output.Length + 1).Select(_ => new int[reference.Length + 1])];
        _operations = [.. Enumerable.Range(0, output.Length + 1).Select(_ => new EditOperation[reference.Length + 1])];
        for (var j = 0; j <= reference.Length; j++) (_costs[0][j], _operations[0][j]) = (j, EditOperation.Insert);
        Fill(0);
    }

    /// <summary>Edits that turn the output into the reference.</summary>
    public int Distance => _costs[^1][^1];

    /// <summary>Measures another output with as many words.</summary>
    public void Change(string[] output)
    {
        var same = 0;
        while (same < output.Length && output[same] == _output[same]) same++;
        _output = output;
        Fill(same);
    }

    /// <summary>The operations of the cheapest way, from the beginning.</summary>
    public List<EditOperation> Trace()
    {
        var trace = new List<EditOperation>();
        for (var (i, j) = (_output.Length, _reference.Length); i > 0 || j > 0;)
        {
            var operation = _operations[i][j];
            trace.Add(operation);
            if (operation != EditOperation.Insert) i--;
            if (operation != EditOperation.Delete) j--;
        }
        trace.Reverse();
        return trace;
    }

    private void Fill(int from)
    {
        for (var i = from + 1; i <= _output.Length; i++)
        {
            var (costs, above, operations) = (_costs[i], _costs[i - 1], _operations[i]);
            Array.Fill(costs, Infinite);
            var diagonal = (int)Math.Floor(i * _ratio);
            var end = i == _output.Length ? _reference.Length + 1 : Math.Min(_reference.Length + 1, diagonal + _beam);
            for (var j = Math.Max(0, diagonal - _beam); j < end; j++)
            {
                // The first of equals is kept: no change or substitution, then deletion, then insertion.
                if (j > 0)
                    Offer(costs, operations, j, above[j - 1] + (_output[i - 1] == _reference[j - 1] ? 0 : 1),
                        _output[i - 1] == _reference[j - 1] ? EditOperation.Keep : EditOperation.Substitute);
                Offer(costs, operations, j, above[j] + 1, EditOperation.Delete);
                if (j > 0) Offer(costs, operations, j, costs[j - 1] + 1, EditOperation.Insert);
            }
        }
    }

    private static void Offer(int[] costs, EditOperation[] operations, int j, int cost, EditOperation operation)
    {
        if (cost < costs[j]) (costs[j], operations[j]) = (cost, operation);
    }
}

/// <summary>What is done to a word of the output.</summary>
internal enum EditOperation : byte
{
    Keep,
    Substitute,
    Insert,
    Delete,
}
