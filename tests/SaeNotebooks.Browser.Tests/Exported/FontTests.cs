namespace SaeNotebooks.Browser.Tests.Exported;

[Collection<FromFiles>]
public sealed class FontTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    // Drawn in the page's own fonts, a letter that no font has looks like one that does not exist.
    private const string Missing = """
        characters => {
          const canvas = Object.assign(document.createElement('canvas'), { width: 60, height: 60 }), pen = canvas.getContext('2d', { willReadFrequently: true });
          pen.font = '32px ' + getComputedStyle(document.body).fontFamily;
          const drawn = text => { pen.clearRect(0, 0, 60, 60); pen.fillText(text, 8, 44); return pen.getImageData(0, 0, 60, 60).data.join(); };
          const nothing = drawn('\u0378');
          return characters.filter(c => drawn(c) === nothing);
        }
        """;

    /// <summary>The notebooks quote text in five languages.</summary>
    [Fact]
    public async Task EveryLetterOfTheNotebooksHasAFont()
    {
        var page = await OpenFile(CommittedNotebooks.Page(Machine, "00-start-here"));
        string[] characters = [.. Machine.Repository.NotebookPaths(null).SelectMany(path => File.ReadAllText(path).EnumerateRunes())
            .Where(rune => rune.Value > 127).Distinct().Select(rune => rune.ToString())];
        Assert.Contains("ế", characters);
        Assert.Equal(["\u0378"], await page.EvaluateAsync<string[]>(Missing, new[] { "\u0378", "ế" }));
        Assert.Empty(await page.EvaluateAsync<string[]>(Missing, characters));
    }
}
