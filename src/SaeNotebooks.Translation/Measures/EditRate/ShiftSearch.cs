namespace SaeNotebooks.Translation.Measures.EditRate;

/// <summary>
/// Tercom's greedy search: of all shifts of a word sequence to where the reference has it, the one that saves most edits is made, until
/// none saves any. The limits are Tercom's, but for the number of shifts tried, which is sacreBLEU's.
/// </summary>
internal sealed class ShiftSearch
{
    private const int LongestShift = 10, FarthestShift = 50, MostTried = 1000;

    private readonly string[] _reference;
    private int _tried;

    private ShiftSearch(string[] reference) => _reference = reference;

    /// <summary>Shifts and edits that turn an output into a reference, both in words.</summary>
    public static int Edits(string[] output, string[] reference)
    {
        if (reference.Length == 0) return output.Length;
        var (search, shifts) = (new ShiftSearch(reference), 0);
        // A shift on which the limit was reached is not made.
        while (search.Best(output) is { } shifted && search._tried < MostTried) (output, shifts) = (shifted, shifts + 1);
        return shifts + new EditMatrix(output, reference).Distance;
    }

    /// <summary>The output after the best shift, or null if none saves an edit.</summary>
    private string[]? Best(string[] output)
    {
        var matrix = new EditMatrix(output, _reference);
        var (before, alignment) = (matrix.Distance, Alignment.Of(matrix.Trace()));
        (int Saved, int Length, int Start, int Target) best = (0, 0, 0, 0);
        string[]? shifted = null;
        foreach (var (start, at, length) in Common(output))
        {
            if (!alignment.OutputErrs(start, length) || !alignment.ReferenceErrs(at, length)
                || (start <= alignment.Positions[at] && alignment.Positions[at] < start + length)) continue;
            foreach (var target in Targets(alignment, at, length))
            {
                var candidate = Shift(output, start, length, target);
                matrix.Change(candidate);
                _tried++;
                // Most edits saved, then the longest sequence, then the earliest, then the earliest target.
                var rank = (before - matrix.Distance, length, -start, -target);
                if (shifted is null || rank.CompareTo(best) > 0) (best, shifted) = (rank, candidate);
            }
            if (_tried >= MostTried) break;
        }
        return best.Saved > 0 ? shifted : null;
    }

    /// <summary>Word sequences that output and reference have in common: where they start and how long they are, the beginnings of longer ones too.</summary>
    private IEnumerable<(int Start, int At, int Length)> Common(string[] output)
    {
        for (var start = 0; start < output.Length; start++)
            for (var at = Math.Max(0, start - FarthestShift); at < Math.Min(_reference.Length, start + FarthestShift + 1); at++)
                for (var length = 0; length < LongestShift && start + length < output.Length && at + length < _reference.Length
                    && output[start + length] == _reference[at + length]; length++) yield return (start, at, length + 1);
    }

    /// <summary>Places in the output for a sequence that the reference has at <paramref name="at"/>: before its first word or after any of them.</summary>
    private static IEnumerable<int> Targets(Alignment alignment, int at, int length)
    {
        var previous = -1;
        for (var i = at - 1; i < at + length && i < alignment.Positions.Count; i++)
        {
            var target = i < 0 ? 0 : alignment.Positions[i] + 1;
            if (target != previous) yield return previous = target;
        }
    }

    private static string[] Shift(string[] words, int start, int length, int target)
    {
        var moved = words[start..(start + length)];
        string[] rest = [.. words[..start], .. words[(start + length)..]];
        // Up to the end of the sequence itself, the target counts the words that follow it.
        var place = target < start ? target : target > start + length ? target - length : Math.Min(target, rest.Length);
        return [.. rest[..place], .. moved, .. rest[place..]];
    }
}
