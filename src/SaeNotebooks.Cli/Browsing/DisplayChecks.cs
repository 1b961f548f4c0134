namespace SaeNotebooks.Cli.Browsing;

/// <summary>Clicks in displays that answer without a kernel, in a notebook or on slides.</summary>
/// <param name="page">what holds the displays of the check's notebook</param>
internal sealed class DisplayChecks(BrowserPage page)
{
    private const string Key = "document.querySelector('.sae-attention [data-part=key]').textContent";

    /// <summary>Clicks on a table's heading, twice: numbers are sorted by size, downwards and upwards.</summary>
    public async Task Sort()
    {
        const string Column = "[...document.querySelectorAll('.sae-table tbody td:last-child')].map(c => c.textContent).join()";
        await page.Until($"{Column} === 'cedar,amber,birch'", "the table in its own order");
        await page.Click(".sae-table th:last-child");
        await page.Until($"{Column} === 'cedar,birch,amber'", "the words from last to first");
        await page.Click(".sae-table th:first-child");
        await page.Until($"{Column} === 'cedar,amber,birch'", "the counts from most to least");
        await page.Click(".sae-table th:first-child");
        await page.Until($"{Column} === 'birch,amber,cedar'", "the counts from least to most");
    }

    /// <summary>Clicks on an attention head: its pattern takes the place of the first one's.</summary>
    public async Task ChooseHead()
    {
        await page.Until($"{Key}.startsWith('head 0')", "the first attention head");
        await page.Click(".sae-attention figure:last-of-type");
        await page.Until($"{Key}.startsWith('head 2')", "the attention head that was clicked");
        await page.Until("document.querySelector('.sae-attention [data-part=focus] img').src === document.querySelector('.sae-attention figure:last-of-type img').src", "its pattern");
    }
}
