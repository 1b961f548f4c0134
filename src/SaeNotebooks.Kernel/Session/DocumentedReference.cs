using Microsoft.CodeAnalysis;
using SaeNotebooks.Kernel.Assistance;

namespace SaeNotebooks.Kernel.Session;

/// <summary>References to assemblies that know where their documentation is.</summary>
internal static class DocumentedReference
{
    public static PortableExecutableReference To(string path) =>
        MetadataReference.CreateFromFile(path, documentation: new AssemblyDocumentation(path));
}
