namespace SaeNotebooks.Kernel.Tests.Wire;

[Collection(nameof(SharedKernel))]
public sealed class DisplayTests(SharedKernel kernel)
{
    // A displayable type as a library writes it that knows no notebook host: attribute and formatters are found by their names.
    private const string Figure = """
        using System.IO;
        class TypeFormatterSourceAttribute : Attribute
        {
            public TypeFormatterSourceAttribute(Type type) => FormatterSourceType = type;
            public Type FormatterSourceType { get; }
            public string[] PreferredMimeTypes { get; set; }
        }
        class FigureFormatters
        {
            public IEnumerable<object> CreateTypeFormatters() => new[]
            {
                new FigureFormatter("text/html", f => $"<p>{f.Title}</p>"),
                new FigureFormatter("application/vnd.plotly.v1+json", f => "{\"data\": [{\"y\": [1, 2]}]}"),
            };
        }
        class FigureFormatter
        {
            private readonly Func<Figure, string> write;
            public FigureFormatter(string mimeType, Func<Figure, string> write) => (MimeType, this.write) = (mimeType, write);
            public string MimeType { get; }
            public bool Format(object instance, TextWriter writer) { writer.Write(write((Figure)instance)); return true; }
        }
        [TypeFormatterSource(typeof(FigureFormatters), PreferredMimeTypes = new[] { "text/html", "application/vnd.plotly.v1+json" })]
        record Figure(string Title);
        """;

    private KernelClient Client => kernel.Client;

    [Fact]
    public void Preferred_types_make_one_bundle_with_json_as_json_and_plain_text()
    {
        var data = Client.Run(Figure + "\nnew Figure(\"norms\")").Of("execute_result").Single().Data;
        Assert.Equal("<p>norms</p>", data.GetProperty("text/html").GetString());
        Assert.Equal(2, data.GetProperty("application/vnd.plotly.v1+json").GetProperty("data")[0].GetProperty("y")[1].GetInt32());
        Assert.Contains("norms", data.GetProperty("text/plain").GetString());
    }

    [Theory]
    [InlineData("display(5);")]
    [InlineData("5.Display();")]
    [InlineData("\"5\".DisplayAs(\"text/plain\");")]
    public void Values_are_displayed_in_all_the_ways_of_NET_Interactive(string code) =>
        Assert.Equal("5", Client.Run(code).Of("display_data").Single().Data.GetProperty("text/plain").GetString());

    [Fact]
    public void A_value_without_formatters_gets_html_and_text()
    {
        var data = Client.Run("new { A = 1 }").Of("execute_result").Single().Data;
        Assert.Equal(["text/html", "text/plain"], data.EnumerateObject().Select(entry => entry.Name).Order());
    }

    [Fact]
    public void HTML_is_markup_and_a_string_is_text()
    {
        var cell = Client.Run("display(HTML(\"<b>x</b>\"));\n\"<b>x</b>\"");
        Assert.Equal("<b>x</b>", cell.Of("display_data").Single().Data.GetProperty("text/html").GetString());
        Assert.False(cell.Of("execute_result").Single().Data.TryGetProperty("text/html", out _));
    }

    [Fact]
    public void A_lazy_sequence_does_not_run_once_more_for_its_plain_text()
    {
        Client.Run("var runs = 0;\nIEnumerable<int> Lazy() { runs++; yield return 1; }");
        var html = Client.Run("Microsoft.DotNet.Interactive.Formatting.Formatter.ToDisplayString(Lazy(), \"text/html\"); runs").Result;
        Client.Run("runs = 0; display(Lazy());");
        Assert.Equal(html, Client.Run("runs").Result);
    }

    [Fact]
    public void Updates_reach_the_same_output_from_another_thread_and_from_a_later_cell()
    {
        var first = Client.Run("var shown = display(\"10 %\");\nawait Task.Run(() => shown.Update(\"20 %\"));");
        var later = Client.Run("shown.Update(\"30 %\");");
        var id = first.Of("display_data").Single().DisplayId;
        Assert.Equal("20 %", Text(first.Of("update_display_data").Single(message => message.DisplayId == id)));
        Assert.Equal("30 %", Text(later.Of("update_display_data").Single(message => message.DisplayId == id)));
    }

    [Fact]
    public void Display_and_streams_keep_their_order()
    {
        var cell = Client.Run("Console.Write(1); display(2); Console.Write(3);");
        Assert.Equal(["stream", "display_data", "stream"], cell.Types.Skip(2).SkipLast(1));
    }

    [Fact]
    public void Output_is_cleared_at_once_or_with_the_next()
    {
        var cell = Client.Run("ClearOutput(); ClearOutput(wait: true); Console.Write(1);");
        Assert.Equal([false, true], cell.Of("clear_output").Select(message => message.Content.GetProperty("wait").GetBoolean()));
    }

    private static string? Text(WireMessage message) => message.Data.GetProperty("text/plain").GetString();
}
