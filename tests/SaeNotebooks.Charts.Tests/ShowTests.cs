using System.Globalization;
using System.Text.RegularExpressions;
using SaeNotebooks.Display;
using SaeNotebooks.Figures;

namespace SaeNotebooks.Charts.Tests;

public partial class ShowTests
{
    private sealed record Row(string Token, double Activation, int Count);

    [Fact]
    public void Tokens_are_escaped_and_white_space_is_seen()
    {
        var html = Show.Tokens(["<img onerror=x>", " a", "\n", "\"'&"], [0, 1, 2, 3]).ToHtml();

        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("&lt;img·onerror=x&gt;", html, StringComparison.Ordinal);
        Assert.Contains("·a", html, StringComparison.Ordinal);
        Assert.Contains("↵</span><br>", html, StringComparison.Ordinal);
        Assert.Contains("&quot;&#39;&amp;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Stronger_tokens_have_a_stronger_ground()
    {
        double[] alphas = [.. Ground().Matches(Show.Tokens(["a", "b", "c"], [0, 1, 4]).ToHtml()).Select(m => double.Parse(m.Groups["alpha"].Value, CultureInfo.InvariantCulture))];

        Assert.Equal(0, alphas[0]);
        Assert.Equal(4, alphas[2] / alphas[1], 0.02);
    }

    [Fact]
    public void A_diverging_strip_has_two_colours()
    {
        var grounds = Ground().Matches(Show.Tokens(["a", "b"], [-2, 2], Scale.Diverging).ToHtml());

        Assert.NotEqual(grounds[0].Groups["rgb"].Value, grounds[1].Groups["rgb"].Value);
        Assert.Equal(grounds[0].Groups["alpha"].Value, grounds[1].Groups["alpha"].Value);
    }

    [Fact]
    public void A_strip_can_go_on_in_a_new_line_under_a_heading()
    {
        var strip = Show.Tokens(["a", "b", "c"], [1, 2, 4]) with { Lines = new Dictionary<int, string> { [0] = "", [1] = "<next>", [2] = "" } };
        var html = strip.ToHtml();

        Assert.Matches("^<div[^>]*><span[^>]*>a</span><wbr><div[^>]*>&lt;next&gt;</div><span[^>]*>b</span><wbr><br><span[^>]*>c</span>", html);
        Assert.DoesNotContain("↵", html, StringComparison.Ordinal);
        Assert.Equal("\na\t1\n<next>\nb\t2\n\nc\t4", strip.ToText());
    }

    [Fact]
    public void A_strip_needs_a_value_for_each_token() =>
        Assert.Contains("2 tokens and 1 values", Assert.Throws<ArgumentException>(() => Show.Tokens(["a", "b"], [1])).Message);

    [Fact]
    public void A_table_has_a_column_for_each_property()
    {
        var table = Show.Table([new Row("chat", 0.5, 12), new Row("<b>", -1234.5, 3)]);

        Assert.Equal(["Token", "Activation", "Count"], table.Headings);
        Assert.Equal("Token  Activation  Count\nchat          0.5     12\n<b>         −1234      3", table.ToText());
        Assert.Contains("&lt;b&gt;", table.ToHtml(), StringComparison.Ordinal);
        Assert.Contains("data-n=\"-1234.5\"", table.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_sorts_numbers_by_size()
    {
        var table = Show.Table([new Row("a", 10, 1), new Row("b", 9, 2), new Row("c", 100, 3)]);

        Assert.Equal(["b", "a", "c"], table.SortedBy("Activation").Rows.Select(r => r[0]));
        Assert.Equal(["c", "a", "b"], table.SortedBy("Activation", descending: true).Rows.Select(r => r[0]));
        Assert.Contains("Token, Activation, Count", Assert.Throws<ArgumentException>(() => table.SortedBy("Loss")).Message);
    }

    [Fact]
    public void Differing_words_are_marked()
    {
        var sides = Show.SideBySide(("plain", "The cat sat."), ("steered", "Le cat <i>."));

        Assert.Equal("plain: [The] cat [sat].\nsteered: [Le] cat [<][i][>].", sides.ToText());
        Assert.Contains("&lt;", sides.ToHtml(), StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", sides.ToHtml(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("same text, here", "same text, here")]
    [InlineData("a b c d", "d c b a")]
    [InlineData("one\ntwo  three", "one two\n\nthree four")]
    public void Without_the_marks_both_texts_are_whole(string left, string right)
    {
        var text = new SideBySide(new("l", left), new("r", right)).ToText().Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);

        Assert.Equal($"l: {left}\nr: {right}", text);
    }

    [GeneratedRegex(@"rgba\((?<rgb>[0-9,]+),(?<alpha>[0-9.]+)\)")]
    private static partial Regex Ground();
}
