using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SaeNotebooks.Kernel.Tests;

/// <summary>A library for cells to reference, with one public type: Marker, in the namespace of the library's name.</summary>
internal static class TestAssembly
{
    public static void Write(string folder, string name, string version)
    {
        Directory.CreateDirectory(folder);
        var code = $"[assembly: System.Reflection.AssemblyVersion(\"{version}\")] namespace {name} {{ public class Marker {{ }} }}";
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(code)],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)], new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.True(compilation.Emit(Path.Combine(folder, name + ".dll")).Success);
    }
}
