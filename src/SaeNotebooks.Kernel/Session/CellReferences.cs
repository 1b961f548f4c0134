using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace SaeNotebooks.Kernel.Session;

/// <summary>What cells may refer to: the framework, the host, and what #r brought in. Paths are relative to the working directory.</summary>
internal sealed partial class CellReferences
{
    private static readonly CSharpParseOptions Script = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    // The imports of .NET Interactive's C# kernel, and no more: a cell must not come to need what it lacks elsewhere.
    private static readonly string[] Imports =
    [
        "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq",
        typeof(Microsoft.DotNet.Interactive.Kernel).FullName!,
    ];

    private readonly PackageRestore packages = new();
    private readonly RuntimeProbe probe = new();
    private ScriptOptions options = ScriptOptions.Default
        .WithLanguageVersion(LanguageVersion.Latest)
        .WithOptimizationLevel(OptimizationLevel.Release)
        .WithEmitDebugInformation(true) // for the line numbers in traces
        .WithFileEncoding(Encoding.UTF8)
        .AddImports(Imports)
        .AddReferences(typeof(KernelInvocationContext).Assembly, typeof(Formatter).Assembly, typeof(System.Text.Json.JsonDocument).Assembly);

    public static SyntaxTree Parse(string code) => CSharpSyntaxTree.ParseText(code, Script);

    /// <summary>The compiler options for the cell with the given execution count.</summary>
    public ScriptOptions Options(int number)
    {
        var folder = Directory.GetCurrentDirectory();
        return options
            .WithFilePath($"cell {number}")
            .WithMetadataResolver(ScriptMetadataResolver.Default.WithBaseDirectory(folder))
            .WithSourceResolver(ScriptSourceResolver.Default.WithBaseDirectory(folder));
    }

    /// <summary>Carries out the directives of a cell that the compiler does not know.</summary>
    /// <returns>The code with those directives blanked, so that lines and columns stay what they are.</returns>
    /// <exception cref="DirectiveException">A directive is unknown or cannot be carried out.</exception>
    public string Apply(string code, CancellationToken token)
    {
        var rest = new StringBuilder(code);
        var requests = new List<PackageRequest>();
        foreach (var trivia in Parse(code).GetRoot().DescendantTrivia().Where(trivia => trivia.IsDirective))
        {
            if (!IsOurs(trivia.ToString(), requests)) continue;
            for (var i = trivia.Span.Start; i < trivia.Span.End && code[i] is not ('\r' or '\n'); i++) rest[i] = ' ';
        }
        if (requests.Count > 0) Add(packages.Restore(requests, token));
        return rest.ToString();
    }

    private bool IsOurs(string directive, List<PackageRequest> requests)
    {
        if (PackagePattern().Match(directive) is { Success: true } package) requests.Add(PackageRequest.Parse(package.Groups[1].Value));
        else if (SourcePattern().Match(directive) is { Success: true } source) packages.AddSource(source.Groups[1].Value.Trim());
        else if (FilePattern().Match(directive) is { Success: true } file) return ProbeBeside(file.Groups[1].Value);
        else if (MagicPattern().Match(directive) is { Success: true } magic) RequireCSharp(magic.Value);
        else return false;
        return true;
    }

    // The compiler itself resolves the file; what lies beside it is found when it runs.
    private bool ProbeBeside(string path)
    {
        if (File.Exists(path)) probe.AddFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return false;
    }

    private static void RequireCSharp(string magic)
    {
        if (magic.ToLowerInvariant() is not ("#!csharp" or "#!c#"))
            throw new DirectiveException($"This kernel runs C# only and does not know '{magic}'. Remove the line, or write it in C#.");
    }

    private void Add(ResolvedPackages resolved)
    {
        probe.AddFiles(resolved.Assemblies, resolved.NativeLibraries);
        options = options.AddReferences(resolved.Assemblies.Select(path => MetadataReference.CreateFromFile(path)));
    }

    [GeneratedRegex("""^#r\s+"nuget:([^"]+)"\s*;?\s*$""")]
    private static partial Regex PackagePattern();

    [GeneratedRegex("""^#i\s+"(?:nuget:)?([^"]+)"\s*;?\s*$""")]
    private static partial Regex SourcePattern();

    [GeneratedRegex("""^#r\s+"([^"]+)"\s*$""")]
    private static partial Regex FilePattern();

    [GeneratedRegex("""^#!\S*""")]
    private static partial Regex MagicPattern();
}
