using System.Text;
using System.Text.RegularExpressions;

namespace SaeNotebooks.Kernel.Session;

/// <summary>A part of a cell that runs by itself.</summary>
internal abstract record CellStep
{
    /// <summary>C#, on the lines that it has in the cell.</summary>
    public sealed record Code(string Text) : CellStep;

    /// <summary>A notebook or script to run at this place.</summary>
    public sealed record Import(string Path) : CellStep;
}

/// <summary>A cell with the directives taken out that the compiler does not know.</summary>
/// <param name="Steps">What to run, in order.</param>
/// <param name="Packages">Packages asked for with #r "nuget: …".</param>
/// <param name="Sources">Places to look for packages named with #i.</param>
/// <param name="Files">Paths and names of the remaining #r, which the compiler resolves.</param>
/// <param name="IsTimed">Whether the cell is to say how long it took.</param>
internal sealed partial record CellDirectives(
    IReadOnlyList<CellStep> Steps, IReadOnlyList<PackageRequest> Packages, IReadOnlyList<string> Sources, IReadOnlyList<string> Files, bool IsTimed)
{
    /// <summary>The magics that <see cref="Read"/> knows.</summary>
    public static readonly IReadOnlyList<string> Magics = ["#!csharp", "#!import", "#!set", "#!time"];

    /// <summary>Reads the directives of a cell. Lines and columns of the rest stay what they are.</summary>
    /// <exception cref="DirectiveException">A directive is unknown or malformed.</exception>
    public static CellDirectives Read(string code)
    {
        var reader = new Reader(code);
        foreach (var (start, end) in Lines(code)) reader.Take(start, end);
        return reader.Finish();
    }

    /// <summary>The code with those lines blank that <see cref="Read"/> acts on, whether or not they make sense.</summary>
    public static string Blank(string code)
    {
        var rest = code.ToCharArray();
        foreach (var (start, end) in Lines(code).Where(line => !FilePattern().IsMatch(code[line.Start..line.End]))) rest.AsSpan(start..end).Fill(' ');
        return new string(rest);
    }

    private static IEnumerable<(int Start, int End)> Lines(string code)
    {
        if (!code.Contains('#')) yield break;
        foreach (var trivia in CellSource.Parse(code).GetRoot().DescendantTrivia().Where(trivia => trivia.IsDirective))
        {
            var start = trivia.SpanStart;
            var end = code.AsSpan(start).IndexOfAny('\r', '\n') is var length and >= 0 ? start + length : code.Length;
            if (KnownPattern().IsMatch(code[start..end])) yield return (start, end);
        }
    }

    [GeneratedRegex("""^#(!|r\s|i\s)""")]
    private static partial Regex KnownPattern();

    [GeneratedRegex("""^#r\s+"nuget:([^"]+)"\s*;?\s*$""")]
    private static partial Regex PackagePattern();

    [GeneratedRegex("""^#i\s+"(?:nuget:)?([^"]+)"\s*;?\s*$""")]
    private static partial Regex SourcePattern();

    [GeneratedRegex("""^#r\s+"(?!nuget:)([^"]+)"\s*$""")]
    private static partial Regex FilePattern();

    [GeneratedRegex("""^#!import\s+"?([^"]+?)"?\s*$""", RegexOptions.IgnoreCase)]
    private static partial Regex ImportPattern();

    private sealed class Reader(string code)
    {
        private readonly StringBuilder rest = new(code);
        private readonly List<CellStep> steps = [];
        private readonly List<PackageRequest> packages = [];
        private readonly List<string> sources = [];
        private readonly List<string> files = [];
        private int done, shift; // in the rest; how much later things stand there than in the code
        private bool isTimed;

        public void Take(int start, int end)
        {
            var line = code[start..end];
            if (FilePattern().Match(line) is { Success: true } file) files.Add(file.Groups[1].Value);
            else Replace(start, end, Act(line, start, end));
        }

        public CellDirectives Finish()
        {
            Cut(rest.Length);
            return new(steps, packages, sources, files, isTimed);
        }

        private void Replace(int start, int end, string replacement)
        {
            var text = replacement.PadRight(end - start);
            rest.Remove(start + shift, end - start).Insert(start + shift, text);
            shift += text.Length - (end - start);
        }

        // Returns the C# that stands for the directive.
        private string Act(string line, int start, int end)
        {
            if (PackagePattern().Match(line) is { Success: true } package) packages.Add(PackageRequest.Parse(package.Groups[1].Value));
            else if (SourcePattern().Match(line) is { Success: true } source) sources.Add(source.Groups[1].Value.Trim());
            else if (line.StartsWith("#!set ", StringComparison.OrdinalIgnoreCase)) return SetDirective.ToCode(line);
            else if (ImportPattern().Match(line) is { Success: true } import) Import(import.Groups[1].Value, start, end);
            else if (Is(line, "#!time")) isTimed = true;
            else if (!Is(line, "#!csharp") && !Is(line, "#!c#")) throw Unknown(line);
            return "";
        }

        private void Import(string path, int start, int end)
        {
            Cut(start + shift);
            steps.Add(new CellStep.Import(path));
            done = end + shift;
        }

        private void Cut(int end)
        {
            var text = rest.ToString(done, end - done);
            if (steps.Count > 0 && string.IsNullOrWhiteSpace(text)) return;
            steps.Add(new CellStep.Code(new string('\n', rest.ToString(0, done).Count(character => character == '\n')) + text));
        }

        private static bool Is(string line, string magic) => line.Trim().Equals(magic, StringComparison.OrdinalIgnoreCase);

        private static DirectiveException Unknown(string line) => line.StartsWith("#!", StringComparison.Ordinal)
            ? new($"This kernel runs C# and does not know '{line.Split()[0]}', or not in this form. It knows {string.Join(", ", Magics)}.")
            : new($"""'{line.Trim()}' is not understood. Write #r "path", #r "nuget: Name, Version" or #i "nuget: source".""");
    }
}
