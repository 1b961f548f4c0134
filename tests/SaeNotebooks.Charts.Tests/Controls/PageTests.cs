using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive;
using SaeNotebooks.Controls;
using SaeNotebooks.Display;

namespace SaeNotebooks.Charts.Tests.Controls;

/// <summary>What lies in a page, and what the page asks where it reaches the kernel.</summary>
[Collection(nameof(LiveSessions))]
public class PageTests
{
    [Fact]
    public void A_page_keeps_a_result_for_every_combination_of_its_offline_values()
    {
        string Render(int a, string b, bool c) => $"{a}/{b}/{c}";
        var page = Interactive.Show(Render, Control.Slider("a", 0, 99, start: 5, offline: [9, 2]), Control.Choice("b", ["x", "y"]), Control.Toggle("c"))!;
        var spec = Spec(page);

        string[] expected = [.. from a in new[] { 2, 5, 9 } from b in new[] { "x", "y" } from c in new[] { false, true } select Render(a, b, c)];
        Assert.Equal(expected, spec["results"]!.AsArray().Select(r => Regex.Replace((string)r!, "<[^>]*>", "")));
        Assert.Equal(["2", "5", "9"], spec["controls"]![0]!["kept"]!.AsArray().Select(k => (string)k!));
        Assert.Equal([1, 0, 0], spec["controls"]!.AsArray().Select(c => (int)c!["start"]!));
        Assert.Contains("5/x/False", page.ToHtml(), StringComparison.Ordinal);
        Assert.Equal("a = 5, b = x, c = no (to choose otherwise, edit the cell and run it)\n5/x/False", page.ToText());
    }

    [Fact]
    public void The_same_controls_write_the_same_page_and_others_another()
    {
        string Page(int start) => Interactive.Show(n => n, Control.Slider("n", 0, 4, start))!.ToHtml();
        Assert.Equal(Page(1), Page(1));
        Assert.NotEqual(Id(Page(1)), Id(Page(2)));
    }

    [Fact]
    public void A_result_cannot_end_the_script_that_it_lies_in()
    {
        var page = Interactive.Show(n => new Raw($"<script>{n}</script>"), Control.Slider("n", 0, 1))!;
        Assert.Equal(["<script>0</script>", "<script>1</script>"], Spec(page)["results"]!.AsArray().Select(r => (string)r!));
        Assert.Equal(2, Regex.Count(page.ToHtml(), "</script")); // the controls' own, and that of the result that is shown
    }

    [Fact]
    public void Where_a_value_fails_the_page_says_so_and_where_the_first_fails_the_cell_does()
    {
        string Odd(int n) => n == 1 ? throw new InvalidOperationException("one <is> odd") : $"{n}";
        Assert.Equal("<div>InvalidOperationException: one &lt;is&gt; odd</div>", (string?)Spec(Interactive.Show(Odd, Control.Slider("n", 0, 1))!)["results"]![1]);
        Assert.Throws<InvalidOperationException>(() => Interactive.Show(Odd, Control.Slider("n", 0, 1, start: 1)));
    }

    [Fact]
    public void Too_many_combinations_are_refused_where_named_and_held_where_not()
    {
        int[] Many(int count) => [.. Enumerable.Range(0, count)];
        var a = Control.Slider("a", 0, 99, offline: Many(20));
        var spec = Spec(Interactive.Show((x, y) => $"{x} {y}", a, Control.Slider("b", 0, 99))!);
        Assert.Equal([20, 1], spec["controls"]!.AsArray().Select(c => c!["kept"]!.AsArray().Count));

        var error = Assert.Throws<ArgumentException>(() => Interactive.Show((x, y) => $"{x} {y}", a, Control.Slider("b", 0, 99, offline: Many(4))));
        Assert.Equal("The offline values make 80 combinations (20 × 4), and a page keeps at most 60: name fewer.", error.Message);
    }

    [Fact]
    public void What_cannot_be_chosen_is_refused_in_the_cell()
    {
        Assert.Equal("'n' goes from 0 to 9, so it cannot be 12.", Assert.Throws<ArgumentException>(() => Control.Slider("n", 0, 9, start: 12)).Message);
        Assert.Equal("'n' goes from 0 to 9, so it cannot be -1.", Assert.Throws<ArgumentException>(() => Control.Number("n", 0, 9, offline: [-1]).ToString()).Message);
        Assert.Throws<ArgumentException>(() => Control.Slider("n", 5, 4));
        Assert.Throws<ArgumentException>(() => Control.Choice("c", Array.Empty<string>()));
        Assert.Equal("'z' is no option of 'c'.", Assert.Throws<ArgumentException>(() => Control.Choice("c", ["x", "y"], offline: ["z"])).Message);
        Assert.Equal("Two controls have the name 'n'; give each its own.",
            Assert.Throws<ArgumentException>(() => Interactive.Show((a, b) => a + b, Control.Slider("n", 0, 9), Control.Slider("n", 0, 9))).Message);
    }

    [Fact]
    public async Task A_page_that_reaches_the_kernel_chooses_any_value()
    {
        using var cell = new NotebookCell();
        string[] fruit = ["apple", "banana"];
        Interactive.Show((n, f) => $"{n} {f}", Control.Slider("n", 0, 99), Control.Search("fruit", words => fruit.Where(x => x.StartsWith(words, StringComparison.Ordinal)), "apple"));
        var page = Comm.FromFrontEnd("sae-notebooks.controls", new() { ["id"] = Id(((IDisplayable)cell.Panel.Shown[0]).ToHtml()) });
        Assert.True((bool)page.Sent[0]["live"]!);

        page.Receive(new() { ["control"] = 0, ["value"] = 77 });
        Assert.Contains("77 apple", await Html(page, 1), StringComparison.Ordinal);
        page.Receive(new() { ["control"] = 1, ["words"] = "b" });
        var options = (await page.Until(s => s.Any(m => m["options"] is not null))).Single(m => m["options"] is not null);
        Assert.Equal(["banana"], options["options"]!.AsArray().Select(o => (string)o!));
        page.Receive(new() { ["control"] = 1, ["choice"] = 0 });
        Assert.Contains("77 banana", await Html(page, 2), StringComparison.Ordinal);
        // Who asks is answered; the widget's output is the widget's.
        Assert.Equal("0 apple", cell.Below);
    }

    [Fact]
    public void A_page_of_a_kernel_that_has_ended_is_turned_away()
    {
        using var cell = new NotebookCell();
        Interactive.Show(n => n, Control.Slider("n", 0, 9));
        Assert.False(Comm.FromFrontEnd("sae-notebooks.controls", new() { ["id"] = "0123456789ab" }).IsOpen);
    }

    [Fact]
    public async Task The_oldest_of_too_many_controls_let_go_of_what_they_draw_from_and_say_so()
    {
        using var cell = new NotebookCell();
        var (id, held) = ShowHolding(cell, "oldest");
        var page = Comm.FromFrontEnd("sae-notebooks.controls", new() { ["id"] = id });
        for (var i = 1; i < LiveSessions.Most; i++) ShowHolding(cell, $"{i}");
        page.Receive(new() { ["control"] = 0, ["value"] = 7 });
        Assert.Contains("7 oldest", await Html(page, 1), StringComparison.Ordinal);

        ShowHolding(cell, "newest");
        page.Receive(new() { ["control"] = 0, ["value"] = 8 });
        Assert.Equal("Only the newest 100 controls of a notebook are kept, and these are older: run the cell again.",
            (string?)(await page.Until(s => s.Any(m => (string?)m["note"] is { Length: > 0 })))[^1]["note"]);
        Assert.False(Comm.FromFrontEnd("sae-notebooks.controls", new() { ["id"] = id }).IsOpen);
        Assert.True(SpinWait.SpinUntil(() => { GC.Collect(); return !held.IsAlive; }, TimeSpan.FromSeconds(30)));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static (string Id, WeakReference Held) ShowHolding(NotebookCell cell, string name)
    {
        var held = new Raw(name);
        var before = cell.Outputs.Count;
        Interactive.Show(n => $"{n} {held.Html}", Control.Slider("n", 0, 9));
        return (Id(((IDisplayable)cell.Outputs[before].Shown[0]).ToHtml()), new(held));
    }

    private static async Task<string> Html(Comm page, int count) =>
        (string)(await page.Until(s => s.Count(m => m["html"] is not null) >= count)).Last(m => m["html"] is not null)["html"]!;

    private static string Id(string html) => Regex.Match(html, "data-sae-controls=\"([0-9a-f]{12})\"").Groups[1].Value;

    private static JsonNode Spec(IDisplayable page) => JsonNode.Parse(Regex.Match(page.ToHtml(), @"const spec = (\{.*\});\n").Groups[1].Value)!;

    /// <summary>A value that is markup.</summary>
    private sealed record Raw(string Html) : IDisplayable
    {
        public string ToHtml() => Html;
        public string ToText() => Html;
    }
}
