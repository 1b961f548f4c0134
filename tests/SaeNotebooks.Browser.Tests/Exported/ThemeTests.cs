namespace SaeNotebooks.Browser.Tests.Exported;

/// <summary>Text, and charts' text, can be read in both themes: WCAG 2.2 asks for a contrast of 4.5 (success criterion 1.4.3).</summary>
[Collection<FromFiles>]
public sealed class ThemeTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    private const string Notebook = "01-residual-stream", Chart = ".js-plotly-plot .gtitle";

    [Fact]
    public async Task APageTakesTheSystemsThemeAndItsButtonChangesIt()
    {
        var page = await OpenFile(CommittedNotebooks.Page(Machine, Notebook));
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.Locator(Chart).First.ScrollIntoViewIfNeededAsync();
        await IsReadable("body", "main", isDark: true);
        await Picture("dark");
        await page.Locator("#theme").ClickAsync();
        await IsReadable("body", "main", isDark: false);
    }

    [Fact]
    public async Task OnSlidesAKeyChangesTheTheme()
    {
        var page = await OpenFile(CommittedNotebooks.Deck(Machine, Notebook));
        var slides = new Slides(page);
        await slides.Ready();
        await slides.GoTo(".sae-figure");
        await IsReadable(".reveal-viewport", ".reveal .fit", isDark: false);
        await page.Keyboard.PressAsync("t");
        await IsReadable(".reveal-viewport", ".reveal .fit", isDark: true);
    }

    /// <summary>Waits until paper, text and charts' text have the theme's colours.</summary>
    /// <param name="paper">selects what has the background</param>
    /// <param name="text">selects text</param>
    /// <param name="isDark">the theme</param>
    private Task IsReadable(string paper, string text, bool isDark) => Page.WaitForFunctionAsync("""
        ([paper, text, chart, isDark]) => {
          const luminance = color => {
            const [r, g, b] = color.match(/[\d.]+/g).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const style = selector => getComputedStyle(document.querySelector(selector)), ground = luminance(style(paper).backgroundColor);
          const contrast = color => (Math.max(ground, luminance(color)) + 0.05) / (Math.min(ground, luminance(color)) + 0.05);
          return document.querySelector(chart) && ground < 0.5 === isDark && contrast(style(text).color) >= 4.5 && contrast(style(chart).fill) >= 4.5;
        }
        """, new object[] { paper, text, Chart, isDark });
}
