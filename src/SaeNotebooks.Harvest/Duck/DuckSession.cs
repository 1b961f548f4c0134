using DuckDB.NET.Native;

namespace SaeNotebooks.Harvest.Duck;

/// <summary>A DuckDB in memory, which reads, sorts and writes Parquet files. What does not fit is moved to a temporary folder. For one thread at a time.</summary>
internal sealed class DuckSession : IDisposable
{
    private readonly DuckDBDatabase _database;
    private readonly DuckDBNativeConnection _connection;

    /// <param name="temporary">folder for what does not fit into memory; made when it is needed</param>
    /// <param name="megabytes">memory that may be used</param>
    public DuckSession(string temporary, int megabytes = 1024)
    {
        Require(NativeMethods.Startup.DuckDBOpen(":memory:", out _database), "open a database in memory");
        Require(NativeMethods.Startup.DuckDBConnect(_database, out _connection), "connect to it");
        Execute($"SET memory_limit = '{megabytes}MB'");
        Execute($"SET temp_directory = {Text(temporary)}");
        Execute($"SET threads = {TorchSharp.torch.get_num_threads()}");
    }

    /// <summary>A string in SQL.</summary>
    public static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A list of strings in SQL.</summary>
    public static string List(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Text))}]";

    /// <exception cref="IOException">DuckDB's own message: a full disk, a damaged file</exception>
    public void Execute(string sql)
    {
        var state = NativeMethods.Query.DuckDBQuery(_connection, sql, out var result);
        try { if (state != DuckDBState.Success) throw Failure(ref result); }
        finally { NativeMethods.Query.DuckDBDestroyResult(ref result); }
    }

    /// <summary>Rows as they come, some thousand at a time; each batch is valid until the next.</summary>
    public IEnumerable<DuckRows> Stream(string sql)
    {
        var state = NativeMethods.PreparedStatements.DuckDBPrepare(_connection, sql, out var statement);
        using (statement)
        {
            if (state != DuckDBState.Success) throw new IOException($"DuckDB: {NativeMethods.PreparedStatements.DuckDBPrepareError(statement).ReplaceLineEndings(" ")}");
            state = NativeMethods.PreparedStatements.DuckDBExecutePreparedStreaming(statement, out var result);
            try
            {
                if (state != DuckDBState.Success) throw Failure(ref result);
                while (true)
                {
                    using var chunk = NativeMethods.StreamingResult.DuckDBStreamFetchChunk(result);
                    if (chunk.IsInvalid && NativeMethods.Query.DuckDBResultError(ref result) is { Length: > 0 } error) throw new IOException($"DuckDB: {error.ReplaceLineEndings(" ")}");
                    if (chunk.IsInvalid || NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk) is 0) yield break;
                    yield return new(chunk);
                }
            }
            finally { NativeMethods.Query.DuckDBDestroyResult(ref result); }
        }
    }

    /// <summary>Appends rows to a table, given column by column.</summary>
    /// <param name="table">its name</param>
    /// <param name="types">of its columns</param>
    /// <param name="rows">how many</param>
    /// <param name="fill">copies rows into a column's memory: column, first row, how many, where to</param>
    public void Append(string table, IReadOnlyList<DuckDBType> types, int rows, FillColumn fill)
    {
        Require(NativeMethods.Appender.DuckDBAppenderCreate(_connection, null!, table, out var appender), $"append to {table}");
        using (appender)
        {
            var logical = types.Select(NativeMethods.LogicalType.DuckDBCreateLogicalType).ToArray();
            try
            {
                using var chunk = NativeMethods.DataChunks.DuckDBCreateDataChunk([.. logical.Select(l => l.DangerousGetHandle())], (ulong)types.Count);
                var size = (int)NativeMethods.Helpers.DuckDBVectorSize();
                for (var from = 0; from < rows; from += size)
                {
                    var count = Math.Min(size, rows - from);
                    NativeMethods.DataChunks.DuckDBDataChunkReset(chunk);
                    for (var column = 0; column < types.Count; column++) fill(column, from, count, DuckRows.Data(chunk, column));
                    NativeMethods.DataChunks.DuckDBDataChunkSetSize(chunk, (ulong)count);
                    Require(NativeMethods.Appender.DuckDBAppendDataChunk(appender, chunk), $"append to {table}");
                }
                Require(NativeMethods.Appender.DuckDBAppenderFlush(appender), $"append to {table}");
            }
            finally { foreach (var type in logical) type.Dispose(); }
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    private static IOException Failure(ref DuckDBResult result) => new($"DuckDB: {NativeMethods.Query.DuckDBResultError(ref result).ReplaceLineEndings(" ")}");

    private static void Require(DuckDBState state, string what)
    {
        if (state != DuckDBState.Success) throw new IOException($"DuckDB cannot {what}.");
    }
}

/// <summary>Copies rows into the memory of a column.</summary>
/// <param name="column">from 0</param>
/// <param name="from">first row</param>
/// <param name="count">how many</param>
/// <param name="memory">where to</param>
internal delegate void FillColumn(int column, int from, int count, IntPtr memory);

/// <summary>Some rows of a result.</summary>
internal readonly unsafe struct DuckRows(DuckDBDataChunk chunk)
{
    public int Count { get; } = (int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk);

    /// <summary>A column of numbers without nulls.</summary>
    public ReadOnlySpan<T> Column<T>(int index) where T : unmanaged => new((T*)Data(chunk, index), Count);

    /// <summary>The text in a column of strings; null for null.</summary>
    public string? Text(int index, int row)
    {
        var vector = NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, index);
        var valid = NativeMethods.Vectors.DuckDBVectorGetValidity(vector);
        if (valid is not null && (valid[row / 64] >> (row % 64) & 1) == 0) return null;
        var text = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(vector) + 16L * row; // duckdb_string_t: length, then 12 characters or 4 and a pointer
        var length = *(int*)text;
        return System.Text.Encoding.UTF8.GetString(length <= 12 ? text + 4 : *(byte**)(text + 8), length);
    }

    internal static IntPtr Data(DuckDBDataChunk chunk, int index) =>
        (IntPtr)NativeMethods.Vectors.DuckDBVectorGetData(NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, index));
}
