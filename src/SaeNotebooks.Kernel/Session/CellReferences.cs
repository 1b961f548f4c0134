using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace SaeNotebooks.Kernel.Session;

/// <summary>What cells may refer to: framework and host, packages, libraries made of cells, and what #r resolves to. Can be read from any thread.</summary>
internal sealed class CellReferences
{
    private readonly ReferenceResolver resolver;
    private ImmutableList<MetadataReference>? references; // made when first asked for: a kernel is ready before it has opened two hundred files
    private ImmutableDictionary<string, MetadataReference> libraries = ImmutableDictionary<string, MetadataReference>.Empty;

    public CellReferences(CellLoadContext context)
    {
        Context = context;
        resolver = new ReferenceResolver(context);
    }

    /// <summary>Where it all is loaded when cells run.</summary>
    public CellLoadContext Context { get; }

    /// <summary>Resolves #r of files and of assembly names.</summary>
    public MetadataReferenceResolver Resolver => resolver;

    private ImmutableList<MetadataReference> Files => references ??= [.. HostAssemblies.All.Select(DocumentedReference.To)];

    /// <summary>Everything that is referenced, but for the libraries of cells named in <paramref name="except"/>.</summary>
    public IEnumerable<MetadataReference> All(params string[] except) =>
        Files.Concat(libraries.Where(library => !except.Contains(library.Key)).Select(library => library.Value));

    /// <summary>Checks that a #r'd file is not another copy of an assembly that is referenced already.</summary>
    /// <exception cref="DirectiveException">It is, and only a fresh process could load it.</exception>
    public void RequireLoadable(string path)
    {
        if (!File.Exists(path) || Context.Find(Path.GetFileNameWithoutExtension(path)) is not { } known || known == Path.GetFullPath(path)) return;
        var (loaded, wanted) = (AssemblyName.GetAssemblyName(known), AssemblyName.GetAssemblyName(path));
        if (loaded.FullName != wanted.FullName)
            throw new DirectiveException($"{wanted.Name} {wanted.Version} ({path}) cannot be loaded beside {loaded.Version} ({known}), which this session "
                + "has already: restart the kernel, or use that one.");
    }

    /// <summary>Adds packages; what the framework has too is taken from there.</summary>
    public void Add(ResolvedPackages packages)
    {
        Context.AddPackages(packages);
        var own = packages.Assemblies.Where(path => !HostAssemblies.IsShared(Path.GetFileNameWithoutExtension(path)));
        references = Files.AddRange(own.Select(DocumentedReference.To));
    }

    /// <summary>Adds a library made of cells, in place of an earlier one of its name.</summary>
    public void Add(string library, byte[] image) => libraries = libraries.SetItem(library, MetadataReference.CreateFromImage(image));
}
