using System.Collections.Concurrent;
using System.Globalization;
using System.Xml;
using Microsoft.CodeAnalysis;

namespace SaeNotebooks.Kernel.Assistance;

/// <summary>
/// The XML documentation of an assembly: the file beside it, and for the framework those that the SDK has for its reference assemblies.
/// Files are read when the first question comes.
/// </summary>
internal sealed class AssemblyDocumentation(string assembly) : DocumentationProvider
{
    // The framework's types are documented where they are declared for compilers, and implemented elsewhere.
    private static readonly Dictionary<string, string[]> DocumentedIn = new()
    {
        ["System.Private.CoreLib"] =
            ["System.Runtime", "System.Collections", "System.Threading", "System.Memory", "System.Runtime.InteropServices", "System.Text.Encoding.Extensions"],
        ["System.Private.Uri"] = ["System.Runtime"],
        ["System.Private.Xml"] = ["System.Xml.ReaderWriter", "System.Xml.XmlSerializer"],
        ["System.Private.Xml.Linq"] = ["System.Xml.XDocument"],
    };

    private static readonly ConcurrentDictionary<string, Lazy<Dictionary<string, string>>> Read = new();
    private static readonly string? ReferencePack = FindReferencePack();
    private readonly string assembly = assembly;

    public override bool Equals(object? other) => other is AssemblyDocumentation { assembly: var path } && path == assembly;

    public override int GetHashCode() => assembly.GetHashCode();

    protected override string? GetDocumentationForSymbol(string documentationMemberID, CultureInfo preferredCulture, CancellationToken cancellationToken) =>
        Files().Select(file => Read.GetOrAdd(file, path => new(() => Load(path))).Value.GetValueOrDefault(documentationMemberID))
            .FirstOrDefault(text => text is not null) ?? "";

    private IEnumerable<string> Files()
    {
        var beside = Path.ChangeExtension(assembly, ".xml");
        if (File.Exists(beside)) yield return beside;
        if (ReferencePack is null || Path.GetDirectoryName(assembly) != Path.GetDirectoryName(typeof(object).Assembly.Location)) yield break;
        var name = Path.GetFileNameWithoutExtension(assembly);
        foreach (var file in DocumentedIn.GetValueOrDefault(name, [name]).Select(name => Path.Combine(ReferencePack, name + ".xml")).Where(File.Exists))
            yield return file;
    }

    // dotnet/shared/Microsoft.NETCore.App/10.0.0 runs; dotnet/packs/Microsoft.NETCore.App.Ref/10.0.x/ref/net10.0 documents.
    private static string? FindReferencePack()
    {
        var packs = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref");
        var framework = $"net{Environment.Version.Major}.{Environment.Version.Minor}";
        return !Directory.Exists(packs) ? null : Directory.GetDirectories(packs, $"{Environment.Version.Major}.{Environment.Version.Minor}.*")
            .Select(version => Path.Combine(version, "ref", framework)).LastOrDefault(Directory.Exists);
    }

    private static Dictionary<string, string> Load(string file)
    {
        var members = new Dictionary<string, string>();
        try
        {
            using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            reader.MoveToContent();
            while (!reader.EOF)
            {
                if (reader.NodeType == XmlNodeType.Element && reader.Name == "member" && reader.GetAttribute("name") is { } name)
                    members[name] = reader.ReadOuterXml();
                else
                    reader.Read();
            }
        }
        catch (XmlException error)
        {
            KernelLog.Line($"Documentation {file} is cut off where it is not XML: {error.Message}");
        }
        return members;
    }
}
