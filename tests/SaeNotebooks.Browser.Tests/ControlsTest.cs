namespace SaeNotebooks.Browser.Tests;

/// <summary>Displays of the controls' notebook that answer without a kernel, wherever the notebook is shown.</summary>
public abstract class ControlsTest(BrowserFixture fixture) : BrowserTest(fixture)
{
    /// <summary>The page, with what the selector selects in view.</summary>
    private protected abstract Task<IPage> Show(string selector);

    [Fact]
    public async Task ATableIsSortedByClicksOnItsHeadings()
    {
        var page = await Show(".sae-table");
        var words = page.Locator(".sae-table tbody td:last-child");
        await Expect(words).ToHaveTextAsync(["cedar", "amber", "birch"]);
        await page.Locator(".sae-table th:last-child").ClickAsync();
        await Expect(words).ToHaveTextAsync(["cedar", "birch", "amber"]);
        await page.Locator(".sae-table th:first-child").ClickAsync(); // numbers by size, not by their digits
        await Expect(words).ToHaveTextAsync(["cedar", "amber", "birch"]);
        await page.Locator(".sae-table th:first-child").ClickAsync();
        await Expect(words).ToHaveTextAsync(["birch", "amber", "cedar"]);
    }

    [Fact]
    public async Task AnAttentionHeadThatIsClickedShowsItsPattern()
    {
        var page = await Show(".sae-attention");
        var (key, last) = (page.Locator(".sae-attention [data-part=key]"), page.Locator(".sae-attention figure").Last);
        await page.Locator(".sae-attention figure").First.ClickAsync();
        await Expect(key).ToContainTextAsync("head 0");
        await last.ClickAsync();
        await Expect(key).ToContainTextAsync("head 2");
        Assert.Equal(await last.Locator("img").GetAttributeAsync("src"), await page.Locator(".sae-attention [data-part=focus] img").GetAttributeAsync("src"));
    }
}
