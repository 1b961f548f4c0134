using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace SaeNotebooks.Kernel.Session;

/// <summary>What every cell can use without a #r: the framework, and the host as .NET Interactive has it.</summary>
internal static class HostAssemblies
{
    private static readonly Dictionary<string, string> Paths = Framework()
        .Concat(new[] { typeof(KernelInvocationContext), typeof(Formatter), typeof(IHtmlContent) }.Select(type => type.Assembly.Location))
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path)!, StringComparer.OrdinalIgnoreCase);

    /// <summary>Full paths of the assemblies.</summary>
    public static IReadOnlyCollection<string> All => Paths.Values;

    /// <summary>Whether cells and kernel use the same copy of an assembly.</summary>
    public static bool IsShared(string name) => Paths.ContainsKey(name);

    /// <summary>The assembly's path; null if it is not among them.</summary>
    public static string? Find(string name) => Paths.GetValueOrDefault(name);

    private static IEnumerable<string> Framework()
    {
        var folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var trusted = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        return trusted.Split(Path.PathSeparator).Where(path => Path.GetDirectoryName(path) == folder).Distinct();
    }
}
