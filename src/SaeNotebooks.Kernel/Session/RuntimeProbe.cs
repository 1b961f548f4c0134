using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace SaeNotebooks.Kernel.Session;

/// <summary>Finds, while cells run, the assemblies and native libraries that came with #r but that nothing names by path. Thread-safe.</summary>
internal sealed class RuntimeProbe
{
    private readonly Lock gate = new();
    private readonly List<string> folders = [];
    private readonly Dictionary<string, string> assemblies = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> natives = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<AssemblyLoadContext> watched = [];

    public RuntimeProbe()
    {
        // Raised for every load context, where AssemblyLoadContext.Default.Resolving hears only of its own: #r'd files have contexts of theirs.
        AppDomain.CurrentDomain.AssemblyResolve += (_, request) => Resolve(new AssemblyName(request.Name).Name!);
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => Watch(AssemblyLoadContext.GetLoadContext(loaded.LoadedAssembly));
    }

    /// <summary>Looks for assemblies in the folder of a #r'd file.</summary>
    public void AddFolder(string folder)
    {
        lock (gate)
        {
            if (!folders.Contains(folder)) folders.Add(folder);
        }
    }

    /// <summary>Looks for the files of packages by their names.</summary>
    public void AddFiles(IEnumerable<string> assemblyFiles, IEnumerable<string> nativeFiles)
    {
        lock (gate)
        {
            foreach (var path in assemblyFiles) assemblies[Path.GetFileNameWithoutExtension(path)] = path;
            foreach (var path in nativeFiles) natives[Path.GetFileName(path)] = path;
        }
    }

    private Assembly? Resolve(string name)
    {
        lock (gate)
        {
            var path = assemblies.GetValueOrDefault(name)
                ?? folders.Select(folder => Path.Combine(folder, name + ".dll")).FirstOrDefault(File.Exists);
            return path is null ? null : AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
        }
    }

    private void Watch(AssemblyLoadContext? context)
    {
        lock (gate)
        {
            if (context is not null && watched.Add(context)) context.ResolvingUnmanagedDll += (_, name) => LoadNative(name);
        }
    }

    private nint LoadNative(string name)
    {
        string[] spellings = [name, $"{name}.so", $"lib{name}.so", $"{name}.dll", $"{name}.dylib", $"lib{name}.dylib"];
        lock (gate)
        {
            var path = spellings.Select(spelling => natives.GetValueOrDefault(spelling)).FirstOrDefault(path => path is not null);
            return path is not null && NativeLibrary.TryLoad(path, out var library) ? library : 0;
        }
    }
}
