using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace SaeNotebooks.Kernel.Session;

/// <summary>
/// Where the code of cells and of what they reference is loaded: apart from the kernel's own libraries, of which a cell may want other
/// versions. The framework and the host are shared with the kernel. Thread-safe.
/// </summary>
internal sealed class CellLoadContext : AssemblyLoadContext
{
    private readonly Lock gate = new();
    private readonly List<string> folders = [];
    private readonly Dictionary<string, string> files = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> natives = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(string Name, Version Version), Assembly> libraries = [];

    public CellLoadContext() : base("cells")
    {
        // Also asked by contexts that a library made for its plug-ins, and by the default one.
        AppDomain.CurrentDomain.AssemblyResolve += (_, request) => Load(new AssemblyName(request.Name));
    }

    /// <summary>Makes a #r'd file available, and for what it needs the folder it lies in.</summary>
    public void AddFile(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        lock (gate)
        {
            files.TryAdd(Path.GetFileNameWithoutExtension(path), path);
            if (!folders.Contains(folder)) folders.Add(folder);
        }
    }

    /// <summary>Makes the files of packages available by their names.</summary>
    public void AddPackages(ResolvedPackages packages)
    {
        lock (gate)
        {
            foreach (var path in packages.Assemblies) files[Path.GetFileNameWithoutExtension(path)] = path;
            foreach (var path in packages.NativeLibraries) natives[Path.GetFileName(path)] = path;
        }
    }

    /// <summary>Loads an assembly that was compiled here. Versions of one name may follow each other: each is loaded apart.</summary>
    public void AddLibrary(AssemblyName name, Stream assembly, Stream symbols)
    {
        var loaded = new LibraryContext(this).LoadFromStream(assembly, symbols);
        lock (gate) libraries[(name.Name!, name.Version!)] = loaded;
    }

    /// <summary>The file of the given assembly that cells reference or that lies beside one; null if there is none.</summary>
    public string? Find(string name)
    {
        lock (gate)
        {
            return files.GetValueOrDefault(name) ?? folders.Select(folder => Path.Combine(folder, name + ".dll")).FirstOrDefault(File.Exists);
        }
    }

    protected override Assembly? Load(AssemblyName name)
    {
        if (HostAssemblies.IsShared(name.Name!)) return null;
        lock (gate)
        {
            if (name.Version is { } version && libraries.TryGetValue((name.Name!, version), out var library)) return library;
        }
        return Find(name.Name!) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    protected override nint LoadUnmanagedDll(string name)
    {
        string[] spellings = [name, $"{name}.so", $"lib{name}.so", $"{name}.dll", $"{name}.dylib", $"lib{name}.dylib"];
        lock (gate)
        {
            var path = spellings.Select(spelling => natives.GetValueOrDefault(spelling)).FirstOrDefault(path => path is not null);
            return path is not null && NativeLibrary.TryLoad(path, out var handle) ? handle : 0;
        }
    }

    private sealed class LibraryContext(CellLoadContext cells) : AssemblyLoadContext("cell library")
    {
        protected override Assembly? Load(AssemblyName name) => cells.Load(name);
    }
}
