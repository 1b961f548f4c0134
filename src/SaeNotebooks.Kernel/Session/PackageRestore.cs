using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using Microsoft.DotNet.Interactive;

namespace SaeNotebooks.Kernel.Session;

/// <summary>
/// Gets NuGet packages with the SDK's own restore, over a generated project that holds every package the session asked for, so that
/// sources, caches and version rules are those of any build on this machine.
/// </summary>
internal sealed class PackageRestore
{
    private readonly Dictionary<string, PackageRequest> wanted = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> sources = [];
    private ResolvedPackages loaded = ResolvedPackages.None;

    /// <summary>A further place to look for packages: an address or a folder.</summary>
    public void AddSource(string source) => sources.Add(Directory.Exists(source) ? Path.GetFullPath(source) : source);

    /// <summary>Restores the packages asked for and shows the progress in the running cell.</summary>
    /// <exception cref="DirectiveException">A package cannot be had, or another version of it is already loaded.</exception>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public ResolvedPackages Restore(IReadOnlyList<PackageRequest> requests, CancellationToken token)
    {
        if (requests.All(request => wanted.GetValueOrDefault(request.Name) == request)) return ResolvedPackages.None;
        var all = new Dictionary<string, PackageRequest>(wanted, StringComparer.OrdinalIgnoreCase);
        foreach (var request in requests) all[request.Name] = request;
        var names = string.Join(", ", requests.Select(request => request.Version == "*" ? request.Name : $"{request.Name} {request.Version}"));
        var progress = KernelInvocationContext.Current is { } cell
            ? KernelInvocationContextExtensions.Display(cell, $"Restoring {names} …")
            : null;
        var resolved = Resolve(all.Values, token);
        RequireUnchanged(resolved);
        foreach (var request in requests) wanted[request.Name] = request;
        loaded = resolved;
        progress?.Update($"Restored {string.Join(", ", requests.Select(request => $"{request.Name} {resolved.Versions[request.Name]}"))}");
        return resolved;
    }

    private ResolvedPackages Resolve(IEnumerable<PackageRequest> requests, CancellationToken token)
    {
        var folder = Directory.CreateTempSubdirectory("csharp-kernel-packages-").FullName;
        try
        {
            var project = Path.Combine(folder, "packages.csproj");
            Project(requests).Save(project);
            RunRestore(project, token);
            return ResolvedPackages.Read(Path.Combine(folder, "obj", "project.assets.json"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private XElement Project(IEnumerable<PackageRequest> requests) => new("Project",
        new XAttribute("Sdk", "Microsoft.NET.Sdk"),
        new XElement("PropertyGroup",
            new XElement("TargetFramework", $"net{Environment.Version.Major}.{Environment.Version.Minor}"),
            new XElement("RuntimeIdentifier", PortableRuntime()),
            new XElement("SelfContained", "false"),
            new XElement("UseAppHost", "false"),
            new XElement("NuGetAudit", "false"),
            new XElement("RestoreAdditionalProjectSources", string.Join(';', sources))),
        new XElement("ItemGroup", requests.Select(request => new XElement("PackageReference",
            new XAttribute("Include", request.Name), new XAttribute("Version", request.Version)))));

    // RuntimeInformation.RuntimeIdentifier may name a distribution that package folders do not know.
    private static string PortableRuntime()
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }

    private static void RunRestore(string project, CancellationToken token)
    {
        var start = new ProcessStartInfo(Dotnet(), ["restore", project, "--nologo", "-v", "quiet"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(project),
        };
        using var restore = Process.Start(start)!;
        using var stop = token.Register(() => restore.Kill(entireProcessTree: true));
        var errors = restore.StandardError.ReadToEndAsync(token);
        var output = restore.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        restore.WaitForExit();
        token.ThrowIfCancellationRequested();
        if (restore.ExitCode != 0) throw new DirectiveException(RestoreErrors.Explain(output));
    }

    private static string Dotnet() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    private void RequireUnchanged(ResolvedPackages resolved)
    {
        foreach (var (name, version) in loaded.Versions)
        {
            if (resolved.Versions.GetValueOrDefault(name) is { } now && now != version)
                throw new DirectiveException($"{name} {version} is loaded already and {now} would be needed; restart the kernel to change it.");
        }
    }
}
