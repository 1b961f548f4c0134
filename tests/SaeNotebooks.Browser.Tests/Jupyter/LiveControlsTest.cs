namespace SaeNotebooks.Browser.Tests.Jupyter;

/// <summary>Controls in Jupyter Notebook, with a kernel that answers them.</summary>
public abstract class LiveControlsTest(JupyterFixture jupyter, ControlsSession session) : ControlsTest(jupyter)
{
    private ILocator Title => Page.Locator(".js-plotly-plot .gtitle");

    public override ValueTask InitializeAsync()
    {
        Use(session.Open, thisTestsOwn: false);
        return ValueTask.CompletedTask;
    }

    private protected override async Task<IPage> Show(string selector)
    {
        await Page.Locator(selector).First.ScrollIntoViewIfNeededAsync();
        return Page;
    }

    [Fact]
    public async Task TheChartFollowsTheKeysOnASlider()
    {
        await ToTheStart();
        await Page.Keyboard.PressAsync("ArrowRight");
        await Expect(Title).ToHaveTextAsync("2 waves");
    }

    [Fact]
    public async Task TheChartIsThatOfWhereASliderIsLetGo()
    {
        await ToTheStart();
        var handle = Page.Locator(session.Look.Handle).First;
        await handle.HoverAsync();
        var box = (await handle.BoundingBoxAsync())!;
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(box.X + box.Width / 2 + 150, box.Y + box.Height / 2, new() { Steps = 8 });
        await Page.Mouse.UpAsync();
        await Page.WaitForFunctionAsync($"{session.Look.Number} > 13 && document.querySelector('.js-plotly-plot .gtitle')?.textContent === {session.Look.Number} + ' waves'");
    }

    [Fact]
    public async Task AnErrorIsOneLineAndTheChartStays()
    {
        await ToTheStart();
        for (var waves = 2; waves <= 12; waves++) await Page.Keyboard.PressAsync("ArrowRight");
        await Expect(Title).ToHaveTextAsync("12 waves");
        await Page.Keyboard.PressAsync("ArrowRight");
        var error = Page.GetByText("InvalidOperationException: thirteen waves are too many");
        await Expect(error).ToBeVisibleAsync();
        await Expect(Title).ToHaveTextAsync("12 waves");
        await Page.Keyboard.PressAsync("ArrowRight");
        await Expect(Title).ToHaveTextAsync("14 waves");
        await Expect(error).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task ASearchFindsByTheFirstLetters()
    {
        await Page.Locator(session.Look.Words).FillAsync("");
        await Page.Locator(session.Look.Words).PressSequentiallyAsync("el");
        var found = Page.Locator(session.Look.Found).First;
        await Expect(found.Locator("option")).ToHaveCountAsync(1);
        await found.SelectOptionAsync("elder");
        await Expect(Page.Locator("[data-sae-result]", new() { HasTextRegex = new("^\\s*elder\\s*$") })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task TheDashboardIsThatOfTheNumberTyped()
    {
        var box = Page.Locator(session.Look.NumberBox);
        await box.FillAsync("");
        await box.PressSequentiallyAsync("476");
        await box.PressAsync("Enter");
        await Expect(Page.Locator(".sae-dashboard")).ToContainTextAsync("Latent 476");
    }

    /// <summary>The text of the newest strength grows token by token.</summary>
    [Fact]
    public async Task ASteeredTextStreams()
    {
        await Page.EvaluateAsync("""
            () => {
              window.saeLengths = [];
              new MutationObserver(() => {
                const sides = [...document.querySelectorAll('.sae-sides')].pop();
                if (!sides || !sides.textContent.includes('by 8')) return;
                const length = sides.children[1].lastChild.textContent.length;
                if (length > (window.saeLengths.at(-1) ?? 0)) window.saeLengths.push(length);
              }).observe(document.body, { subtree: true, childList: true, characterData: true });
            }
            """);
        var strength = Page.Locator(session.Look.Handle).Last;
        await strength.FocusAsync();
        for (var by = 2; by <= 8; by += 2) await strength.PressAsync("ArrowRight");
        await Page.WaitForFunctionAsync("window.saeLengths.length >= 4");
    }

    private async Task ToTheStart()
    {
        var slider = Page.Locator(session.Look.Handle).First;
        await slider.ScrollIntoViewIfNeededAsync();
        await slider.FocusAsync();
        await Page.Keyboard.PressAsync("Home");
        await Expect(Title).ToHaveTextAsync("1 waves");
    }
}

[Collection<InJupyter>]
public sealed class ControlsAsWidgets6(JupyterFixture jupyter, Widgets6Session session) : LiveControlsTest(jupyter, session), IClassFixture<Widgets6Session>;

[Collection<InJupyter>]
public sealed class ControlsAsWidgets8(JupyterFixture jupyter, Widgets8Session session) : LiveControlsTest(jupyter, session), IClassFixture<Widgets8Session>;

[Collection<InJupyter>]
public sealed class ControlsByScript(JupyterFixture jupyter, ScriptSession session) : LiveControlsTest(jupyter, session), IClassFixture<ScriptSession>;
