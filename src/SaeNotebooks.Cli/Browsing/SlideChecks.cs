namespace SaeNotebooks.Cli.Browsing;

/// <summary>Pages through slides with the network off.</summary>
/// <param name="page">the deck, open in the browser</param>
internal sealed class SlideChecks(BrowserPage page)
{
    private const int Space = 32, ArrowRight = 39;
    private const string Drawn = "[...Reveal.getCurrentSlide().querySelectorAll('.sae-figure')].filter(f => f.offsetWidth > 0).every(f => f.dataset.drawn === 'yes' && f.querySelector('.js-plotly-plot .main-svg'))";

    /// <summary>Shows every slide and fragment, and waits for the charts of each.</summary>
    /// <returns>how many slides there are</returns>
    /// <exception cref="CliException">a chart is not drawn, or the end is not reached</exception>
    public async Task<int> PageThrough()
    {
        await page.Until("window.Reveal && Reveal.isReady()", "the slides");
        for (var turn = 0; turn < 500; turn++)
        {
            await page.Until(Drawn, "the charts of a slide");
            if (await page.Evaluate("Reveal.isLastSlide() && !Reveal.availableFragments().next") is { } last && (bool)last)
                return (int)(await page.Evaluate("Reveal.getTotalSlides()"))!;
            await page.Press(" ", Space);
        }
        throw new CliException("500 turns did not reach the last slide.");
    }

    /// <summary>Fails if something was asked of a network, or the console holds an error.</summary>
    public void NothingAmiss()
    {
        if (page.Requests is [var request, ..]) throw new CliException($"The slides asked for {request}.");
        if (page.Errors is [var error, ..]) throw new CliException($"The console says: {error}");
    }

    /// <summary>Goes to the first slide with a slider over a chart, and moves it by its keys.</summary>
    /// <returns>the chart's title before and after</returns>
    public async Task<(string, string)> Step()
    {
        const string Title = "Reveal.getCurrentSlide().querySelector('.js-plotly-plot .gtitle')?.textContent";
        await GoTo(".sae-controls input[type=range]");
        await page.Until(Title, "the chart below the slider");
        var before = (string)(await page.Evaluate(Title))!;
        await page.Evaluate("Reveal.getCurrentSlide().querySelector('.sae-controls input[type=range]').focus()");
        await page.Press("ArrowRight", ArrowRight);
        await page.Until($"{Title} && {Title} !== '{before}'", "another chart");
        return (before, (string)(await page.Evaluate(Title))!);
    }

    /// <summary>Shows the first slide that holds what the selector selects.</summary>
    public async Task GoTo(string selector)
    {
        await page.Evaluate($"(s => {{ const i = Reveal.getIndices(s); Reveal.slide(i.h, i.v); }})(document.querySelector('{selector}').closest('section'))");
        await page.Until($"Reveal.getCurrentSlide().querySelector('{selector}')", $"the slide with '{selector}'");
    }
}
