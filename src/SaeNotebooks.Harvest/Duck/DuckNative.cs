using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Native;

namespace SaeNotebooks.Harvest.Duck;

/// <summary>Finds DuckDB's native library where the build stages it, in whatever host this runs: beside the library, or in the <c>artifacts/workbench</c> of a
/// parent folder.</summary>
internal static class DuckNative
{
    private const string Name = "duckdb";

    [ModuleInitializer]
    internal static void Initialize() => NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Resolve);

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? search) =>
        name == Name && Candidates().FirstOrDefault(File.Exists) is { } path ? NativeLibrary.Load(path) : IntPtr.Zero; // zero: the runtime's own search

    private static IEnumerable<string> Candidates()
    {
        var file = Path.Combine("runtimes", Name, OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so");
        string[] starts = [Path.GetDirectoryName(typeof(DuckNative).Assembly.Location) ?? "", AppContext.BaseDirectory];
        foreach (var start in starts.Where(s => s.Length > 0).Distinct())
        {
            yield return Path.Combine(start, file);
            for (var at = new DirectoryInfo(start); at is not null; at = at.Parent) yield return Path.Combine(at.FullName, "artifacts", "workbench", file);
        }
    }
}
