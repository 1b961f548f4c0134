using System.Text.RegularExpressions;
using System.Xml.Linq;
using SaeNotebooks.Features;
using SaeNotebooks.Features.Dashboards;
using SaeNotebooks.Features.Dashboards.Rendering;

namespace SaeNotebooks.Tests.Features.Dashboards;

public class DashboardTests
{
    private const string Hostile = "</span><script>alert(1)</script>\"'&";

    private static readonly Dashboard Full = new()
    {
        Title = "Latent 4", Where = "a made-up SAE", Latent = 4, Page = new("https://example.org/a?b=1&c=2"),
        Label = new(4, "on “ cat”", "lexical", 9, [new("lexical", 0.9, 0.5)]),
        Facts = [new("fires on", "1 %", "of tokens")],
        Histograms = [new("Activations", "activation", 0, 4, [8, 0, 2, 1]), new("Logit weights", "logits", -1, 1, [3, 4]) { IsOfLogits = true }],
        Logits = new([new(new(1, " purr"), 0.8)], [new(new(2, "\n"), -1.6)]),
        Groups = [new("Strongest", "at most one of each text", [Samples.Example("the *cat:4* sat *down:-1*", 3)]), new("Activation 0 to 2", "half", [Samples.Example("a *kitten:2*", 5)])],
        Tokens = [new(new(7, " cat"), 10, 9, 0.9, 1.5)],
        Profile = [new("language", [new("en", 10, 5, 0.5, 1), new("fr", 0, 0, 0, 0)])],
        Neighbours = [new("Nearest directions", "cosine", [new(17, 0.5, "dogs"), new(18, -0.25)])],
    };

    private static XElement Parse(Dashboard dashboard, Func<int, string?>? linkOf = null) => XElement.Parse(DashboardHtml.Write(dashboard, linkOf));

    [Fact]
    public void A_dashboard_says_all_that_it_holds()
    {
        var text = Parse(Full).Value;
        foreach (var part in new[] { "Latent 4", "on “ cat”", "lexical 0.90, shuffled 0.50", "a made-up SAE", "fires on", "·purr", "0.8", "↵", "−1.6", "the cat sat down", "a kitten", "·cat", "90.0 %", "en", "50.0 %", "17 dogs", "−0.25" })
            Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.DoesNotContain("fr", text.Split("language")[1], StringComparison.Ordinal); // no token has that label
        Assert.Contains("the[ cat] sat[ down]", Full.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folded_dashboard_says_as_much_and_shows_histograms_and_examples_at_once()
    {
        var folded = Parse(Full with { Folded = true });
        var lists = folded.Descendants("details").Single();
        Assert.Null(lists.Attribute("open"));
        foreach (var part in new[] { "·purr", "−1.6", "90.0 %", "50.0 %", "17 dogs" }) Assert.Contains(part, lists.Value, StringComparison.Ordinal);
        foreach (var part in new[] { "the cat sat down", "Latent 4", "lexical 0.90, shuffled 0.50" }) Assert.DoesNotContain(part, lists.Value, StringComparison.Ordinal);
        string Letters(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)).Order());
        Assert.Equal(Letters(Parse(Full).Value + folded.Descendants("summary").Single().Value), Letters(folded.Value));
    }

    [Fact]
    public void Active_tokens_are_coloured_by_their_share_of_the_strongest_and_say_their_value()
    {
        var tokens = Parse(Full).Descendants("span").Where(s => s.Attribute("title")?.Value.Contains(" = ", StringComparison.Ordinal) == true)
            .ToDictionary(s => s.Attribute("title")!.Value, s => s.Attribute("style")!.Value);

        Assert.Equal(["·cat = 4", "·down = −1", "·kitten = 2"], tokens.Keys);
        Assert.StartsWith("background:rgba(232,89,12,0.75)", tokens["·cat = 4"], StringComparison.Ordinal);
        Assert.StartsWith("background:rgba(28,126,214,0.188)", tokens["·down = −1"], StringComparison.Ordinal);
        Assert.StartsWith("background:rgba(232,89,12,0.375)", tokens["·kitten = 2"], StringComparison.Ordinal);
    }

    [Fact]
    public void Bars_are_as_high_as_their_counts()
    {
        var svg = Parse(Full).Descendants().First(e => e.Name.LocalName == "svg");
        var bars = svg.Descendants().Where(e => e.Name.LocalName == "rect")
            .Select(r => (Title: r.Value, Height: double.Parse(r.Attribute("height")!.Value, System.Globalization.CultureInfo.InvariantCulture))).ToArray();

        Assert.Equal(["0 to 1: 8", "2 to 3: 2", "3 to 4: 1"], bars.Select(b => b.Title));
        Assert.Equal(bars[0].Height / 4, bars[1].Height, 0.02);
        Assert.Equal(bars[0].Height / 8, bars[2].Height, 0.02);
    }

    [Fact]
    public void Hostile_texts_are_shown_and_not_run()
    {
        var example = new Example(0, 0, 1, [new(0, Hostile), new(1, Hostile), new(2, "\u0000\u202E")], [0, 1, 0], 1, [Hostile]);
        var hostile = Full with
        {
            Title = Hostile, Where = Hostile, Notice = Hostile, Label = new(4, Hostile, Hostile, 1, [new(Hostile, 1)]), Facts = [new(Hostile, Hostile, Hostile)],
            Histograms = [new(Hostile, Hostile, 0, 1, [1])], Logits = new([new(new(1, Hostile), 1)], []), Groups = [new(Hostile, Hostile, [example])],
            Tokens = [new(new(1, Hostile), 1, 1, 1, 1)], Profile = [new(Hostile, [new(Hostile, 1, 1, 1, 1)])], Neighbours = [new(Hostile, Hostile, [new(1, 1, Hostile)])],
        };

        var html = hostile.ToHtml();
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;/span&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;", html, StringComparison.Ordinal);
        Assert.All(XElement.Parse(html).Descendants(), e => Assert.DoesNotContain(e.Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.Ordinal)));
    }

    [Fact]
    public void It_needs_no_script_no_style_sheet_and_no_network()
    {
        var names = Parse(Full).DescendantsAndSelf().Select(e => e.Name.LocalName).ToHashSet();
        Assert.Subset(new HashSet<string> { "div", "span", "b", "a", "svg", "g", "rect", "title", "line", "text" }, names);
        var link = Assert.Single(Parse(Full).Descendants("a"));
        Assert.Equal(("https://example.org/a?b=1&c=2", "_blank", "noopener noreferrer"), (link.Attribute("href")!.Value, link.Attribute("target")!.Value, link.Attribute("rel")!.Value));
        Assert.DoesNotMatch(new Regex(@"url\(|\ssrc=|@import"), Full.ToHtml());
    }

    [Fact]
    public void Neighbours_are_linked_where_there_are_pages_of_them()
    {
        var links = Parse(Full, latent => latent == 17 ? "#17" : null).Descendants("a").Where(a => a.Attribute("target") is null).ToArray();
        Assert.Equal(("#17", "17"), (Assert.Single(links).Attribute("href")!.Value, links[0].Value));
    }

    [Fact]
    public void Nothing_but_a_title_is_a_dashboard_too()
    {
        var bare = new Dashboard { Title = "a direction", Where = "nowhere" };
        Assert.Contains("a direction", Parse(bare).Value, StringComparison.Ordinal);
        Assert.StartsWith("a direction, nowhere", bare.ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0.0 %"), InlineData(0.0000031, "0.0003 %"), InlineData(0.00326, "0.326 %"), InlineData(0.0327, "3.27 %"), InlineData(0.5, "50.0 %"), InlineData(1, "100.0 %")]
    public void Small_shares_keep_their_digits(double share, string expected) => Assert.Equal(expected, LatentDashboard.Percent(share));
}
