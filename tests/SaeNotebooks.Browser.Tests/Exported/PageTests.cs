namespace SaeNotebooks.Browser.Tests.Exported;

[Collection<FromFiles>]
public sealed class PageTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    /// <summary>Every third: a page shows the same charts as the slides, of which all are turned.</summary>
    public static TheoryData<string> Notebooks => [.. CommittedNotebooks.Names.Where((_, i) => i % 3 == 1)];

    [Theory, MemberData(nameof(Notebooks))]
    public async Task EveryChartIsDrawn(string name)
    {
        var page = await OpenFile(CommittedNotebooks.Page(Machine, name));
        var charts = page.Locator(".sae-figure");
        await Expect(page.Locator(".sae-figure[data-drawn=yes] .js-plotly-plot")).ToHaveCountAsync(await charts.CountAsync());
    }
}
