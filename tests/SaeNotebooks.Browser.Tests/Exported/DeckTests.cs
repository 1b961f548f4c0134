namespace SaeNotebooks.Browser.Tests.Exported;

[Collection<FromFiles>]
public sealed class DeckTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    public static TheoryData<string> Notebooks => [.. CommittedNotebooks.Names];

    [Theory, MemberData(nameof(Notebooks))]
    public async Task EverySlideIsReachedAndItsChartsAreDrawnToSize(string name)
    {
        var page = await OpenFile(CommittedNotebooks.Deck(Machine, name));
        var slides = new Slides(page);
        await slides.Ready();
        var shown = await slides.TurnToTheEnd();
        Assert.Equal(await page.EvaluateAsync<int>("Reveal.getTotalSlides()"), shown.Count);
        Assert.Equal(0, await page.Locator(".fragment:not(.visible)").CountAsync());
    }
}
