using System.Text.Json.Nodes;
using SaeNotebooks.Cli.Export;
using SaeNotebooks.Cli.Notebooks;

namespace SaeNotebooks.Cli.Tests;

/// <summary>A small executed notebook as nbclient leaves it, and stand-ins for the JavaScript packages.</summary>
internal static class Sample
{
    public const string PlotlyText = "window.Plotly = {}; /* the plotly stand-in, once: </script> */";

    public static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, "Samples", "executed.ipynb");

    public static NotebookFile Executed() => NotebookFile.Read(Path);

    /// <summary>The sample after <paramref name="change"/>.</summary>
    public static NotebookFile With(Action<JsonObject> change)
    {
        var json = Executed().Json.DeepClone().AsObject();
        change(json);
        return NotebookFile.Parse(Path, json.ToJsonString());
    }

    /// <summary>Writes a notebook fit to be committed, after <paramref name="change"/>, and lints it.</summary>
    public static IReadOnlyList<LintFinding> Lint(Action<JsonObject> change)
    {
        var clean = JsonNode.Parse(NotebookNormaliser.Normalise(Executed(), withoutPlotlyScript: true))!.AsObject();
        change(clean);
        using var folder = new TemporaryFolder();
        var path = System.IO.Path.Combine(folder.Path, "sample.ipynb");
        File.WriteAllText(path, clean.ToJsonString());
        return NotebookLinter.Lint(path);
    }

    public static WebAssets Assets(TemporaryFolder folder)
    {
        folder.Write("reveal.js-5.2.1/dist/reveal.js", "/* the reveal stand-in */ var Reveal;");
        folder.Write("reveal.js-5.2.1/dist/reveal.css", ".reveal { }");
        folder.Write("reveal.js-5.2.1/plugin/notes/notes.js", "/* the notes stand-in */");
        folder.Write("plotly.js-basic-dist-min-2.35.3/plotly-basic.min.js", "/* the basic stand-in */");
        folder.Write("plotly.js-cartesian-dist-min-2.35.3/plotly-cartesian.min.js", PlotlyText);
        folder.Write("katex-0.16.22/dist/katex.min.js", "/* the katex stand-in */");
        folder.Write("katex-0.16.22/dist/katex.min.css",
            "@font-face{src:url(fonts/KaTeX_Main-Regular.woff2) format(\"woff2\"),url(fonts/KaTeX_Main-Regular.woff) format(\"woff\")}.katex{}");
        folder.Write("katex-0.16.22/dist/fonts/KaTeX_Main-Regular.woff2", "font");
        return new WebAssets(folder.Path, () => "/* the whole stand-in */");
    }
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("saenotebooks-").FullName;

    public string Write(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
