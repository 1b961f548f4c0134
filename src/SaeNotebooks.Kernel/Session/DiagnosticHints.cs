using Microsoft.CodeAnalysis;

namespace SaeNotebooks.Kernel.Session;

/// <summary>What a compiler's complaint does not say, because it does not know of notebooks.</summary>
internal static class DiagnosticHints
{
    /// <summary>A line to add to the errors of a cell; null if there is nothing to add.</summary>
    public static string? For(IEnumerable<Diagnostic> errors) => errors.Select(For).FirstOrDefault(hint => hint is not null);

    private static string? For(Diagnostic error) => error.Id switch
    {
        "CS0825" => "A cell's variables outlive it, so `using var` cannot stand at its top: put it into a block { … }, or leave out `using`.",
        "CS1705" => "The library was built for a newer framework or with newer packages than this kernel has: update the kernel, or rebuild the library.",
        "CS7021" => "Namespaces belong into files: save the code as a .cs file and write #!import \"file.cs\", which makes a library of it.",
        _ => null,
    };
}
