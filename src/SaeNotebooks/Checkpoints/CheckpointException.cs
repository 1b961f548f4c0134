namespace SaeNotebooks.Checkpoints;

/// <summary>A checkpoint on disk is damaged, incomplete, or not what its configuration says.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>Builds the one line that the reader sees: file, tensor or key, and what was expected and found.</summary>
    /// <param name="file">the file at fault</param>
    /// <param name="item">the tensor or configuration key at fault, if there is one</param>
    /// <param name="problem">what was expected, what was found, what to do</param>
    /// <param name="cause">the exception underneath, if there was one</param>
    public CheckpointException(string file, string? item, string problem, Exception? cause = null)
        : base(OneLine(item is null ? $"{file}: {problem}" : $"{file}: '{item}': {problem}"), cause)
    {
        File = file;
        Item = item;
    }

    /// <summary>Names come from outside: no line break or escape sequence of theirs reaches the terminal.</summary>
    private static string OneLine(string message) => string.Concat(message.Select(c => char.IsControl(c) ? '\uFFFD' : c));

    /// <summary>A tensor was asked for that a file does not have.</summary>
    internal static CheckpointException NoTensor(string file, string name, IEnumerable<string> names)
    {
        var there = names.Order(StringComparer.Ordinal).ToList();
        return new(file, name, $"the file has no such tensor; it has {(there.Count == 0 ? "none" : string.Join(", ", there.Take(12)))}{(there.Count > 12 ? ", …" : "")}");
    }

    /// <summary>The file at fault.</summary>
    public string File { get; }

    /// <summary>The tensor or configuration key at fault, or null if the whole file is.</summary>
    public string? Item { get; }
}
