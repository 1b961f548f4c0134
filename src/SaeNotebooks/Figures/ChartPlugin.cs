using System.Reflection;
using System.Runtime.Loader;

namespace SaeNotebooks.Figures;

/// <summary>Finds the chart plug-in and loads it, with Plotly.NET and its FSharp.Core, into a load context of its own.</summary>
internal static class ChartPlugin
{
    private const string FileName = "SaeNotebooks.Charts.dll";
    private static readonly Lazy<IPlotlyBuilder> Loaded = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    public static IPlotlyBuilder Builder => Loaded.Value;

    internal static IPlotlyBuilder Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var assembly = new PluginContext(path).LoadFromAssemblyPath(path);
        var type = assembly.GetTypes().Single(t => typeof(IPlotlyBuilder).IsAssignableFrom(t) && !t.IsAbstract);
        return (IPlotlyBuilder)Activator.CreateInstance(type)!;
    }

    private static IPlotlyBuilder Load()
    {
        var folder = CandidateFolders().FirstOrDefault(f => File.Exists(Path.Combine(f, FileName)))
            ?? throw new FileNotFoundException($"Charts need {FileName}, which is neither in a folder 'charts' beside the library nor in " +
                "'artifacts/workbench/charts' of a parent folder; build it with `dotnet build src/SaeNotebooks.Charts`.");
        return Load(folder);
    }

    private static IEnumerable<string> CandidateFolders()
    {
        string[] starts = [Path.GetDirectoryName(typeof(ChartPlugin).Assembly.Location) ?? "", AppContext.BaseDirectory];
        foreach (var start in starts.Where(s => s.Length > 0).Distinct())
        {
            yield return Path.Combine(start, "charts");
            for (var at = new DirectoryInfo(start); at is not null; at = at.Parent)
                yield return Path.Combine(at.FullName, "artifacts", "workbench", "charts");
        }
    }

    private sealed class PluginContext(string plugin) : AssemblyLoadContext("SaeNotebooks.Charts")
    {
        private readonly AssemblyDependencyResolver _resolver = new(plugin);

        /// <summary>The library is shared, or its interface would be another type inside the context; the rest is private.</summary>
        protected override Assembly? Load(AssemblyName name)
        {
            var library = typeof(ChartPlugin).Assembly;
            if (name.Name == library.GetName().Name) return library;
            return _resolver.ResolveAssemblyToPath(name) is { } path ? LoadFromAssemblyPath(path) : null;
        }
    }
}
