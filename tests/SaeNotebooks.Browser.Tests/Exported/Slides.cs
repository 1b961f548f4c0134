namespace SaeNotebooks.Browser.Tests.Exported;

/// <summary>A deck that is open in a page.</summary>
internal sealed class Slides(IPage page)
{
    private const int TooManyTurns = 1000;

    // Of the charts that the current slide shows: each is drawn, as wide as its place, and no wider than the slide.
    private const string Wrong = """
        () => [...Reveal.getCurrentSlide().querySelectorAll('.sae-figure')].filter(f => f.offsetWidth > 0).flatMap(f => {
          const chart = f.querySelector('.js-plotly-plot .main-svg'), title = `The chart '${f.querySelector('.gtitle, svg text')?.textContent}'`;
          if (f.dataset.drawn !== 'yes' || !chart) return [`${title} is not drawn.`];
          const [is, place, slide] = [chart, f, f.closest('.fit')].map(e => e.getBoundingClientRect());
          return [
            ...Math.abs(is.width - place.width) > 2 ? [`${title} is ${is.width} pixels wide where ${place.width} are.`] : [],
            ...is.height < 150 ? [`${title} is ${is.height} pixels high.`] : [],
            ...is.left < slide.left - 1 || is.right > slide.right + 1 ? [`${title} does not fit the slide.`] : [],
          ];
        })
        """;

    /// <summary>Waits until the deck is there.</summary>
    public Task Ready() => page.WaitForFunctionAsync("window.Reveal?.isReady()");

    /// <summary>Shows the first slide that holds what the selector selects.</summary>
    public async Task GoTo(string selector)
    {
        await page.EvaluateAsync("s => { const i = Reveal.getIndices(document.querySelector(s).closest('section')); Reveal.slide(i.h, i.v); }", selector);
        await Settled();
    }

    /// <summary>Turns to the end by the space bar, as a speaker does.</summary>
    /// <returns>the places of the slides that were shown, each once</returns>
    public async Task<IReadOnlyList<string>> TurnToTheEnd()
    {
        var shown = new List<string>();
        for (var turn = 0; turn < TooManyTurns; turn++)
        {
            await Settled();
            if (await page.EvaluateAsync<string>("(({ h, v }) => `${h}/${v}`)(Reveal.getIndices())") is var place && !shown.Contains(place)) shown.Add(place);
            if (await page.EvaluateAsync<bool>("Reveal.isLastSlide() && !Reveal.availableFragments().next")) return shown;
            await page.Keyboard.PressAsync("Space");
        }
        throw new InvalidOperationException($"{TooManyTurns} turns did not reach the last slide.");
    }

    /// <summary>Waits until nothing is wrong with the current slide.</summary>
    private async Task Settled()
    {
        try { await page.WaitForFunctionAsync($"() => ({Wrong})().length === 0"); }
        catch (TimeoutException) { Assert.Fail($"Slide {await page.EvaluateAsync<int>("Reveal.getSlidePastCount() + 1")}: {string.Join(' ', await page.EvaluateAsync<string[]>(Wrong))}"); }
    }
}
