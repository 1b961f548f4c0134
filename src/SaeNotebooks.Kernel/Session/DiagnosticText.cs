using Microsoft.CodeAnalysis;

namespace SaeNotebooks.Kernel.Session;

/// <summary>A compiler complaint as a person reads it: place, reason, the line and a mark under the fault.</summary>
internal static class DiagnosticText
{
    public static IEnumerable<string> Lines(Diagnostic diagnostic)
    {
        var place = diagnostic.Location.GetLineSpan();
        if (diagnostic.Location.SourceTree is not { } tree) return [$"{diagnostic.Id}: {diagnostic.GetMessage()}"];
        var start = place.StartLinePosition;
        var source = tree.GetText().Lines[start.Line].ToString();
        var shown = diagnostic.Location.GetMappedLineSpan(); // differs where code was moved into a library
        return
        [
            $"{shown.Path} {shown.StartLinePosition.Line + 1}:{start.Character + 1}  {diagnostic.Id}: {diagnostic.GetMessage()}",
            $"    {source}",
            $"    {Indent(source, start.Character)}{new string('^', Width(place, source))}",
        ];
    }

    // Tabs are kept, so that the mark stands under the fault however wide they are drawn.
    private static string Indent(string source, int column) =>
        string.Concat(source.Take(column).Select(character => character == '\t' ? '\t' : ' '));

    private static int Width(FileLinePositionSpan place, string source)
    {
        var end = place.EndLinePosition.Line == place.StartLinePosition.Line ? place.EndLinePosition.Character : source.Length;
        return Math.Max(1, end - place.StartLinePosition.Character);
    }
}
