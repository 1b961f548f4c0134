using SaeNotebooks.Harvest.Duck;

namespace SaeNotebooks.Harvest.Corpora;

/// <summary>Columns of a Parquet file as texts, read by DuckDB.</summary>
public static class ParquetTable
{
    /// <summary>The names of its columns, in their order.</summary>
    /// <param name="file">the file</param>
    /// <exception cref="IOException">no Parquet file, or a damaged one</exception>
    public static IReadOnlyList<string> Columns(string file)
    {
        using var duck = Session();
        return [.. duck.Stream($"SELECT column_name FROM (DESCRIBE SELECT * FROM {Table(file)})").SelectMany(rows => Enumerable.Range(0, rows.Count).Select(i => rows.Text(0, i)!).ToArray())];
    }

    /// <summary>Rows as they come; a number is written out, and a cell without a value is null.</summary>
    /// <param name="file">the file</param>
    /// <param name="columns">which columns, in the order of the cells</param>
    /// <exception cref="IOException">no Parquet file, a damaged one, or one without these columns; the message names those that it has</exception>
    public static IEnumerable<string?[]> Rows(string file, params IReadOnlyList<string> columns)
    {
        var known = Columns(file);
        if (columns.FirstOrDefault(c => !known.Contains(c)) is { } missing)
            throw new IOException($"{file} has no column \"{missing}\"; it has {string.Join(", ", known.Select(k => $"\"{k}\""))}.");
        return Stream(file, columns);
    }

    private static IEnumerable<string?[]> Stream(string file, IReadOnlyList<string> columns)
    {
        using var duck = Session();
        foreach (var rows in duck.Stream($"SELECT {string.Join(", ", columns.Select(c => $"\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\"::VARCHAR"))} FROM {Table(file)}"))
            for (var row = 0; row < rows.Count; row++)
            {
                var cells = new string?[columns.Count];
                for (var column = 0; column < cells.Length; column++) cells[column] = rows.Text(column, row);
                yield return cells;
            }
    }

    private static string Table(string file) => $"read_parquet({DuckSession.Text(file)})";

    private static DuckSession Session() => new(Path.Combine(Path.GetTempPath(), $"sae-notebooks-{Environment.ProcessId}"), megabytes: 512);
}
