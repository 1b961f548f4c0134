using System.Text.Json.Nodes;

namespace SaeNotebooks.Cli.Notebooks;

/// <summary>The metadata by which VS Code's Polyglot Notebooks, Jupyter and this repository's kernel all take a notebook as C#.</summary>
internal static class PolyglotMetadata
{
    private const string Document = """
        { "kernelspec": { "display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp" },
          "language_info": { "name": "polyglot-notebook" },
          "polyglot_notebook": { "kernelInfo": { "defaultKernelName": "csharp",
            "items": [ { "aliases": [], "languageName": "csharp", "name": "csharp" } ] } } }
        """;

    private const string CodeCell = """
        { "dotnet_interactive": { "language": "csharp" }, "polyglot_notebook": { "kernelName": "csharp" } }
        """;

    /// <summary>A notebook's metadata: kernelspec, language_info and polyglot_notebook.</summary>
    public static JsonObject ForDocument() => JsonNode.Parse(Document)!.AsObject();

    /// <summary>A code cell's metadata.</summary>
    public static JsonObject ForCodeCell() => JsonNode.Parse(CodeCell)!.AsObject();
}
