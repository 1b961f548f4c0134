using System.Net;
using System.Text.RegularExpressions;
using SaeNotebooks.Cli.Export;

namespace SaeNotebooks.Cli.Tests;

public class CSharpHighlighterTests
{
    [Theory]
    [InlineData("#r \"nuget: X, 1.0\"\nusing System;\n\nvar x = 1;  // why <b>\nx < 2 && \"a\" == $\"{x:0.0}\"")]
    [InlineData("/* open comment\nvar x")]
    [InlineData("record P(int X) { public List<int> L => [1, 2]; }")]
    [InlineData("await foreach (var token in model.Generate(\"é 🐈\")) Console.Write(token);")]
    [InlineData("not C# at all ''' \" ???")]
    [InlineData("#if NEVER\nskipped\n#endif\nx")]
    public void TheTextIsUnchanged(string code) => Assert.Equal(code, WebUtility.HtmlDecode(Regex.Replace(CSharpHighlighter.ToHtml(code), "<[^>]*>", "")));

    [Theory]
    [InlineData("k", "return")]
    [InlineData("k", "var")]
    [InlineData("s", "&quot;text&quot;")]
    [InlineData("n", "42")]
    [InlineData("c", "// note")]
    [InlineData("m", "Select")]
    [InlineData("m", "Print")]
    [InlineData("t", "List")]
    [InlineData("t", "Point")]
    public void PartsAreColoured(string style, string text) =>
        Assert.Contains($"<span class=\"{style}\">{text}</span>", CSharpHighlighter.ToHtml(
            "// note\nvar points = new List<Point>();\nPrint(points.Select(p => p.X + 42), \"text\");\nreturn points;"));
}
