using System.Reflection;
using System.Runtime.InteropServices;

namespace SaeNotebooks.Runtime;

/// <summary>
/// Native libraries that the build puts into <c>artifacts/workbench/runtimes</c> once instead of into every project's output. They are found in whatever
/// host this runs: beside the library, or in the <c>artifacts/workbench</c> of a parent folder.
/// </summary>
internal static class StagedLibraries
{
    /// <summary>The folders in which a library may be staged, the likeliest first; they need not exist.</summary>
    /// <param name="name">its folder under <c>runtimes</c></param>
    public static IEnumerable<string> Folders(string name)
    {
        string[] starts = [Path.GetDirectoryName(typeof(StagedLibraries).Assembly.Location) ?? "", AppContext.BaseDirectory];
        foreach (var start in starts.Where(s => s.Length > 0).Distinct())
        {
            yield return Path.Combine(start, "runtimes", name);
            for (var at = new DirectoryInfo(start); at is not null; at = at.Parent) yield return Path.Combine(at.FullName, "artifacts", "workbench", "runtimes", name);
        }
    }

    /// <summary>The file name of a library on this platform.</summary>
    public static string FileName(string stem) =>
        OperatingSystem.IsWindows() ? $"{stem}.dll" : OperatingSystem.IsMacOS() ? $"lib{stem}.dylib" : $"lib{stem}.so";

    /// <summary>Where a library is staged under its own name.</summary>
    /// <exception cref="DllNotFoundException">nowhere; the message says what to do</exception>
    public static string Require(string name) => Find(name)
        ?? throw new DllNotFoundException($"There is no {FileName(name)} in artifacts/workbench/runtimes/{name}; build the solution with 'dotnet build'.");

    /// <summary>From here on, what a managed library imports from a native one is taken from where that is staged.</summary>
    public static void Serve(Assembly managed, string name) => NativeLibrary.SetDllImportResolver(managed, (wanted, _, _) =>
        wanted == name && Find(name) is { } file ? NativeLibrary.Load(file) : IntPtr.Zero); // zero: the runtime's own search

    private static string? Find(string name) => Folders(name).Select(folder => Path.Combine(folder, FileName(name))).FirstOrDefault(File.Exists);
}
