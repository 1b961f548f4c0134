namespace SaeNotebooks.Browser.Tests.Exported;

/// <summary>Controls where no kernel answers: they show the results that the file keeps.</summary>
public abstract class KeptControlsTest(BrowserFixture fixture) : ControlsTest(fixture)
{
    private const string Slider = "[data-sae-controls] input[type=range]";

    [Fact]
    public async Task AChartFollowsItsSlider()
    {
        var page = await Show(Slider);
        var (slider, title) = (SliderOf(page, "waves"), page.Locator(".js-plotly-plot .gtitle"));
        await Expect(title).ToHaveTextAsync("3 waves");
        await slider.PressAsync("ArrowRight");
        await Expect(title).ToHaveTextAsync("8 waves");
        await slider.PressAsync("Home");
        await Expect(title).ToHaveTextAsync("1 waves");
    }

    [Fact]
    public async Task AWordIsChosenFromAList()
    {
        var page = await Show("[data-sae-controls] select");
        await Row(page, "word").Locator("select").SelectOptionAsync("cedar");
        await Expect(page.Locator("[data-sae-result]", new() { HasTextRegex = new("^\\s*cedar\\s*$") })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task ADashboardFollowsItsSlider()
    {
        var page = await Show(".sae-dashboard");
        await Expect(page.Locator(".sae-dashboard")).ToContainTextAsync("Latent 7");
        await SliderOf(page, "latent").First.PressAsync("ArrowRight");
        await Expect(page.Locator(".sae-dashboard")).ToContainTextAsync("Latent 476");
    }

    [Fact]
    public async Task ASteeredTextIsKept()
    {
        var page = await Show(".sae-sides");
        await SliderOf(page, "by").PressAsync("ArrowRight");
        await Expect(page.Locator(".sae-sides")).ToContainTextAsync("by 40");
    }

    private static ILocator SliderOf(IPage page, string name) => Row(page, name).Locator("input[type=range]");

    /// <summary>The control of this name.</summary>
    private static ILocator Row(IPage page, string name) => page.Locator("[data-sae-controls] label", new() { Has = page.GetByText(name, new() { Exact = true }) });
}

[Collection<FromFiles>]
public sealed class ControlsOnPage(BrowserFixture fixture, ControlsExport export) : KeptControlsTest(fixture)
{
    private protected override async Task<IPage> Show(string selector)
    {
        var page = await OpenFile(export.Page);
        await page.Locator(selector).First.ScrollIntoViewIfNeededAsync();
        return page;
    }
}

[Collection<FromFiles>]
public sealed class ControlsOnSlides(BrowserFixture fixture, ControlsExport export) : KeptControlsTest(fixture)
{
    private protected override async Task<IPage> Show(string selector)
    {
        var page = await OpenFile(export.Deck);
        var slides = new Slides(page);
        await slides.Ready();
        await slides.GoTo(selector);
        return page;
    }
}
