using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SaeNotebooks.Kernel.Session;

/// <summary>
/// Resolves #r "path" relative to the file it stands in, or to the working directory for a cell; #r "Name" of the framework; and what
/// referenced assemblies need themselves. Thread-safe.
/// </summary>
internal sealed class ReferenceResolver(CellLoadContext context) : MetadataReferenceResolver
{
    private readonly ConcurrentDictionary<string, PortableExecutableReference> known = new();

    public override bool ResolveMissingAssemblies => true;

    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        if (HostAssemblies.Find(reference) is { } shared) return [To(shared)];
        var folder = Path.GetDirectoryName(baseFilePath) is { Length: > 0 } beside ? beside : Directory.GetCurrentDirectory();
        var path = Path.GetFullPath(Path.Combine(folder, reference));
        if (!File.Exists(path)) return [];
        context.AddFile(path);
        return [To(path)];
    }

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        (HostAssemblies.Find(referenceIdentity.Name) ?? context.Find(referenceIdentity.Name)) is { } path ? To(path) : null;

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    private PortableExecutableReference To(string path) => known.GetOrAdd(path, DocumentedReference.To);
}
