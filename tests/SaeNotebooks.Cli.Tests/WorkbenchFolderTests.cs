using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace SaeNotebooks.Cli.Tests;

/// <summary><c>artifacts/workbench</c>, from which notebooks reference the libraries, has all that these need.</summary>
public class WorkbenchFolderTests
{
    [Fact]
    public void EveryAssemblyThatALibraryRefersToLiesBesideIt()
    {
        var folder = Path.Combine(Repository.Find().Root, "artifacts", "workbench");
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var (wanted, missing, seen) = (new Queue<string>(Directory.GetFiles(folder, "SaeNotebooks*.dll")), new List<string>(), new HashSet<string>());
        Assert.True(wanted.Count >= 4);
        while (wanted.TryDequeue(out var file))
            foreach (var name in References(file).Where(n => !File.Exists(Path.Combine(framework, $"{n}.dll")) && seen.Add(n)))
            {
                var beside = Path.Combine(folder, $"{name}.dll");
                if (File.Exists(beside)) wanted.Enqueue(beside);
                else missing.Add($"{name}, for {Path.GetFileName(file)}");
            }
        Assert.Empty(missing);
    }

    private static List<string> References(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
