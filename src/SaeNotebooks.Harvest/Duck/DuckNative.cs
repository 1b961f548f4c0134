using System.Runtime.CompilerServices;
using DuckDB.NET.Native;
using SaeNotebooks.Runtime;

namespace SaeNotebooks.Harvest.Duck;

/// <summary>Finds DuckDB's native library where the build stages it.</summary>
internal static class DuckNative
{
    [ModuleInitializer]
    internal static void Initialize() => StagedLibraries.Serve(typeof(NativeMethods).Assembly, "duckdb");
}
