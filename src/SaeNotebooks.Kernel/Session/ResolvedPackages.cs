using System.Text.Json;

namespace SaeNotebooks.Kernel.Session;

/// <summary>The files that a set of packages and their dependencies bring for this machine.</summary>
/// <param name="Versions">Version by package id.</param>
/// <param name="Assemblies">Full paths of the managed assemblies to run with.</param>
/// <param name="NativeLibraries">Full paths of the native libraries.</param>
internal sealed record ResolvedPackages(
    IReadOnlyDictionary<string, string> Versions, IReadOnlyList<string> Assemblies, IReadOnlyList<string> NativeLibraries)
{
    public static readonly ResolvedPackages None = new(new Dictionary<string, string>(), [], []);

    /// <summary>Reads the project.assets.json that a restore for one framework and one runtime identifier left behind.</summary>
    public static ResolvedPackages Read(string assetsFile)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(assetsFile));
        var root = document.RootElement;
        var folders = root.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToList();
        var target = root.GetProperty("targets").EnumerateObject().Single(target => target.Name.Contains('/')).Value;
        var packages = target.EnumerateObject()
            .Select(package => (Id: package.Name.Split('/'), Assets: package.Value, Folder: Locate(root, package.Name, folders)))
            .ToList();
        return new(
            packages.ToDictionary(package => package.Id[0], package => package.Id[1], StringComparer.OrdinalIgnoreCase),
            [.. packages.SelectMany(package => Files(package.Assets, "runtime", package.Folder)).Where(path => path.EndsWith(".dll"))],
            [.. packages.SelectMany(package => Files(package.Assets, "native", package.Folder))]);
    }

    private static string Locate(JsonElement root, string package, List<string> folders)
    {
        var path = root.GetProperty("libraries").GetProperty(package).GetProperty("path").GetString()!;
        return folders.Select(folder => Path.Combine(folder, path)).FirstOrDefault(Directory.Exists)
            ?? throw new DirectiveException($"Package {package} was restored, but its folder {path} is in none of: {string.Join(", ", folders)}.");
    }

    private static IEnumerable<string> Files(JsonElement assets, string group, string folder) =>
        assets.TryGetProperty(group, out var files)
            ? files.EnumerateObject().Where(file => !file.Name.EndsWith("_._")).Select(file => Path.GetFullPath(Path.Combine(folder, file.Name)))
            : [];
}
