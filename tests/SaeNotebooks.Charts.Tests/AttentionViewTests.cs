using System.Text.RegularExpressions;
using System.Xml.Linq;
using SaeNotebooks.Display;
using static TorchSharp.torch;

namespace SaeNotebooks.Charts.Tests;

public partial class AttentionViewTests
{
    private static readonly string[] Tokens = ["<s>", " the", "</script>"];

    private static AttentionView View()
    {
        using var pattern = tensor(new[,,] { { { 1f, 0f, 0f }, { 0.25f, 0.75f, 0f }, { 0.5f, 0.3f, 0.2f } }, { { 1f, 0f, 0f }, { 1f, 0f, 0f }, { 0f, 1f, 0f } } });
        return Show.Attention(Tokens, pattern);
    }

    [Fact]
    public void The_page_holds_every_weight()
    {
        var html = View().ToHtml();
        var bytes = Convert.FromBase64String(Bytes().Match(html).Groups[1].Value);

        Assert.Equal([255, 0, 0, 64, 191, 0, 128, 76, 51, 255, 0, 0, 255, 0, 0, 0, 255, 0], bytes);
        Assert.Equal(2, Regex.Count(html, "<figure"));
        Assert.Equal(1, Regex.Count(html, "</script", RegexOptions.IgnoreCase)); // a token cannot end the script
        Assert.Contains("&lt;s&gt;", html, StringComparison.Ordinal);
        Assert.Equal(html, View().ToHtml());
    }

    [Fact]
    public void Heads_are_told_apart_by_where_they_look()
    {
        var rows = View().Summary().Rows;

        Assert.Equal("head 0", rows[0][0]);
        Assert.Equal([(0.25 + 0.5) / 2, (0.75 + 0.2) / 2, (0.25 + 0.3) / 2], rows[0].Skip(1).Select(v => Math.Round((double)v!, 6)));
        Assert.Equal([0.5, 0, 1.0], rows[1].Skip(1).Select(v => (double)v!));
    }

    [Fact]
    public void The_static_picture_has_a_panel_for_each_head()
    {
        var svg = XDocument.Parse(View().ToSvg()).Root!;

        Assert.Equal(["head 0", "head 1"], svg.Elements().Where(e => e.Name.LocalName == "text").Select(e => e.Value));
    }

    [Fact]
    public void A_run_shows_its_own_tokens_without_padding()
    {
        using var model = SaeNotebooks.Models.HookedTransformer.Load(DataFolder.Combine("models", "tiny"));
        using var run = model.Run(["The cat sleeps.", "The cat sleeps in the garden."], Hooks.Hook.Pattern(2));
        var view = Show.Attention(run, layer: 2, row: 0);

        Assert.Equal(run.TokensOf(0).Select(t => t.Text), view.Tokens);
        Assert.Equal("L2H0", view.Heads[0]);
        Assert.Equal(model.Config.NHeads, view.Heads.Count);
        for (var query = 0; query < view.Tokens.Count; query++)
            Assert.Equal(1, Enumerable.Range(0, view.Tokens.Count).Sum(key => view[1, query, key]), 1e-4);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        using var pattern = zeros(2, 3, 4);
        Assert.Contains("[head, 3, 3]", Assert.Throws<ArgumentException>(() => Show.Attention(Tokens, pattern)).Message);
        using var square = zeros(3, 3);
        Assert.Contains("1 heads and was given 2", Assert.Throws<ArgumentException>(() => Show.Attention(Tokens, square, ["a", "b"])).Message);
    }

    [GeneratedRegex(@"atob\('([^']*)'\)")]
    private static partial Regex Bytes();
}
