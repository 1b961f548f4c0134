namespace SaeNotebooks.Translation.Measures.EditRate;

/// <summary>Where the words of a reference stand in an output, and which words of either are wrong.</summary>
/// <param name="Positions">for each word of the reference the output's word at its place, or the one before; −1 before the first</param>
/// <param name="ReferenceErrors">whether a word of the reference is not matched</param>
/// <param name="OutputErrors">whether a word of the output is not matched</param>
internal sealed record Alignment(IReadOnlyList<int> Positions, IReadOnlyList<bool> ReferenceErrors, IReadOnlyList<bool> OutputErrors)
{
    /// <summary>Follows the operations that turn the output into the reference.</summary>
    public static Alignment Of(IEnumerable<EditOperation> trace)
    {
        var (positions, reference, output) = (new List<int>(), new List<bool>(), new List<bool>());
        foreach (var operation in trace)
        {
            if (operation != EditOperation.Insert) output.Add(operation != EditOperation.Keep);
            if (operation == EditOperation.Delete) continue;
            reference.Add(operation != EditOperation.Keep);
            positions.Add(output.Count - 1);
        }
        return new(positions, reference, output);
    }

    /// <summary>Whether any of the output's words from <paramref name="start"/> is wrong.</summary>
    public bool OutputErrs(int start, int length) => OutputErrors.Skip(start).Take(length).Any(e => e);

    /// <summary>Whether any of the reference's words from <paramref name="start"/> is missing.</summary>
    public bool ReferenceErrs(int start, int length) => ReferenceErrors.Skip(start).Take(length).Any(e => e);
}
