using SaeNotebooks.Harvest.Corpora;

namespace SaeNotebooks.Translation.Parallel;

/// <summary>Sentences in Parquet files.</summary>
internal static class ParallelParquet
{
    /// <summary>All rows of some columns, null where a cell has no value.</summary>
    /// <exception cref="ParallelDataException">no Parquet file, a damaged one, or one without these columns</exception>
    public static IReadOnlyList<string?[]> Rows(string path, params IReadOnlyList<string> columns)
    {
        try { return [.. ParquetTable.Rows(path, columns)]; }
        catch (IOException e) { throw new ParallelDataException(e.Message, e); }
    }

    /// <summary>The first of some columns that a file has.</summary>
    /// <exception cref="ParallelDataException">no Parquet file, a damaged one, or one without any of these columns</exception>
    public static string Column(string path, params IReadOnlyList<string> names)
    {
        try
        {
            var known = ParquetTable.Columns(path);
            return names.FirstOrDefault(known.Contains) ?? throw new ParallelDataException($"{path} has none of the columns {string.Join(", ", names)}; it has {string.Join(", ", known)}.");
        }
        catch (IOException e) { throw new ParallelDataException(e.Message, e); }
    }
}
