using System.Text.Json;
using System.Text.Json.Nodes;

namespace SaeNotebooks.Kernel.Tests.Wire;

/// <summary>Completion and inspection. In the code, | is the cursor.</summary>
[Collection(nameof(SharedKernel))]
public sealed class AssistanceTests(SharedKernel kernel)
{
    private KernelClient Client => kernel.Client;

    [Theory]
    [InlineData("Console.WriteL|", "WriteLine", "function")]
    [InlineData("var text = \"a\"; text.Leng|;", "Length", "property")]
    [InlineData("str|", "string", "keyword")]
    [InlineData("System.Coll|", "Collections", "module")]
    [InlineData("#!ti|", "#!time", "magic")]
    public void Completion_offers_what_can_stand_there_and_says_what_it_is(string code, string text, string type)
    {
        var reply = Complete(code);
        Assert.Contains(text, Matches(reply));
        var described = reply.GetProperty("metadata").GetProperty("_jupyter_types_experimental").EnumerateArray()
            .Single(match => match.GetProperty("text").GetString() == text);
        Assert.Equal(type, described.GetProperty("type").GetString());
    }

    [Fact]
    public void Completion_knows_what_earlier_cells_declared()
    {
        Client.Run("record Bird(string Song); var robin = new Bird(\"tic\");");
        Client.Run("static class BirdSong { public static string Sing(this string s) => s; }");
        Assert.Contains("robin", Matches(Complete("rob|")));
        Assert.Contains("Song", Matches(Complete("robin.|")));
        Assert.Contains("Sing", Matches(Complete("robin.Song.Si|")));
    }

    [Fact]
    public void Only_what_begins_as_typed_is_offered_and_it_replaces_that()
    {
        var reply = Complete("var x = Math.Ma|;");
        Assert.Equal(["Max", "MaxMagnitude"], Matches(reply));
        Assert.Equal((13, 15), (reply.GetProperty("cursor_start").GetInt32(), reply.GetProperty("cursor_end").GetInt32()));
    }

    [Fact]
    public void Positions_count_code_points()
    {
        var reply = Complete("\"😀😀\".Subst|");
        Assert.Equal(["Substring"], Matches(reply));
        Assert.Equal((5, 10), (reply.GetProperty("cursor_start").GetInt32(), reply.GetProperty("cursor_end").GetInt32()));
    }

    [Theory]
    [InlineData("Math.M|ax(1, 2)")]
    [InlineData("Math.Max|")]
    public void Inspection_shows_declaration_and_documentation(string code)
    {
        var text = Inspect(code);
        Assert.Contains("Math.Max(", text);
        Assert.Contains("larger of two", text);
    }

    [Fact]
    public void Documentation_written_in_cells_is_shown()
    {
        Client.Run("/// <summary>Adds a tail.</summary>\n/// <param name=\"tail\">what is added</param>\nstring Tailed(string head, string tail) => head + tail;");
        Assert.Contains("Adds a tail.", Inspect("Tai|led"));
        Assert.Equal("string Tailed(string head, string tail)\nAdds a tail.\ntail: what is added", Inspect("Tailed(\"a\", |"));
    }

    [Fact]
    public void Inside_a_call_the_overload_that_fits_comes_first() =>
        Assert.StartsWith("int Max(int val1, int val2)\n", Inspect("Math.Max(1, |"));

    [Theory]
    [InlineData("|")]
    [InlineData("1 + |")]
    public void Where_nothing_stands_nothing_is_found(string code) => Assert.False(Ask("inspect_request", code).GetProperty("found").GetBoolean());

    private JsonElement Complete(string code) => Ask("complete_request", code);

    private string Inspect(string code) => Ask("inspect_request", code).GetProperty("data").GetProperty("text/plain").GetString()!;

    private JsonElement Ask(string type, string code)
    {
        var reply = Client.Ask(type, new JsonObject
        {
            ["code"] = code.Replace("|", ""), ["cursor_pos"] = code[..code.IndexOf('|')].EnumerateRunes().Count(), ["detail_level"] = 0,
        });
        Assert.Equal("ok", reply.GetProperty("status").GetString());
        return reply;
    }

    private static IEnumerable<string> Matches(JsonElement reply) => reply.GetProperty("matches").EnumerateArray().Select(match => match.GetString()!);
}
