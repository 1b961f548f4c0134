using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive;
using SaeNotebooks.Controls;

namespace SaeNotebooks.Charts.Tests.Controls;

/// <summary>What goes over the comms, against the widget messaging protocol 2.1 and the state that ipywidgets' model specification lists.</summary>
[Collection(nameof(LiveSessions))] // of which a process has one
public class WidgetTests
{
    private static readonly string[] Fruit = ["apple", "banana", "cherry"];

    public static TheoryData<string, Control, string, string, string> Models => new()
    {
        { "a whole number by dragging", Control.Slider("n", 0, 9, start: 4, step: 2), "IntSliderModel", "IntSliderView", """{"value":4,"min":0,"max":9,"step":2,"description":"n"}""" },
        { "a number by dragging", Control.Slider("x", 0.0, 1, start: 0.5, step: 0.25), "FloatSliderModel", "FloatSliderView", """{"value":0.5,"min":0,"max":1,"step":0.25,"description":"x"}""" },
        { "a whole number in a box", Control.Number("n", 1, 5), "IntTextModel", "IntTextView", """{"value":1,"step":1,"description":"n"}""" },
        { "a number in a box", Control.Number("x", 1.0, 5), "FloatTextModel", "FloatTextView", """{"value":1,"step":0.1,"description":"x"}""" },
        { "a choice", Control.Choice("fruit", Fruit), "DropdownModel", "DropdownView", """{"_options_labels":["apple","banana","cherry"],"index":0,"description":"fruit"}""" },
        { "a search", Control.Search("fruit", _ => Fruit, "banana"), "SelectModel", "SelectView", """{"_options_labels":["apple","banana","cherry"],"index":1}""" },
        { "words of a search", Control.Search("fruit", _ => Fruit, "banana"), "TextModel", "TextView", """{"value":"","description":"fruit"}""" },
        { "a line of text", Control.Text("prompt", "The cat"), "TextModel", "TextView", """{"value":"The cat","continuous_update":false,"description":"prompt"}""" },
        { "yes or no", Control.Toggle("loud", true), "CheckboxModel", "CheckboxView", """{"value":true,"description":"loud"}""" },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_control_is_a_model_of_ipywidgets(string what, Control control, string model, string view, string state)
    {
        using var cell = new NotebookCell();
        Open(control);
        var widget = cell.Widget(model);

        Assert.Equal("jupyter.widget", widget.Target);
        Assert.Equal("2.1.0", (string?)widget.Metadata["version"]);
        Assert.Empty(widget.Data["buffer_paths"]!.AsArray());
        var sent = widget.Data["state"]!.AsObject();
        Assert.Equal(("@jupyter-widgets/controls", "2.0.0", view), ((string?)sent["_view_module"], (string?)sent["_model_module_version"], (string?)sent["_view_name"]));
        foreach (var (key, value) in JsonNode.Parse(state)!.AsObject())
            Assert.True(JsonNode.DeepEquals(value, sent[key]), $"{what}: '{key}' is {sent[key]}, not {value}");
        // The manager of ipywidgets 6 reads the state here.
        Assert.Equal(("jupyter-js-widgets", model), ((string?)widget.Data["_model_module"], (string?)widget.Data["_model_name"]));
    }

    [Fact]
    public void The_box_holds_what_was_opened_before_it_and_is_what_the_output_views()
    {
        using var cell = new NotebookCell();
        Assert.Null(Interactive.Show((a, b) => a + b, Control.Slider("a", 0, 9), Control.Slider("b", 0, 9)));

        var box = cell.Comms[^1];
        Assert.Equal("VBoxModel", (string?)box.Data["state"]!["_model_name"]);
        var layout = cell.Widget("LayoutModel");
        Assert.Equal(("@jupyter-widgets/base", "560px"), ((string?)layout.Data["state"]!["_model_module"], (string?)layout.Data["state"]!["width"]));
        Assert.Equal($"IPY_MODEL_{layout.Id}", (string?)cell.Comms[1].Data["state"]!["layout"]);
        Assert.Equal(cell.Comms.Skip(1).SkipLast(1).Select(c => $"IPY_MODEL_{c.Id}"), box.Data["state"]!["children"]!.AsArray().Select(c => (string)c!));
        Assert.Equal(["application/vnd.jupyter.widget-view+json", "text/html"], cell.Panel.MimeTypes);
        var json = JsonNode.Parse(Microsoft.DotNet.Interactive.Formatting.Formatter.ToDisplayString(cell.Panel.Shown[0], "application/vnd.jupyter.widget-view+json"))!;
        Assert.Equal((2, 0, box.Id), ((int)json["version_major"]!, (int)json["version_minor"]!, (string)json["model_id"]!));
    }

    [Theory]
    [InlineData("update", "state")]
    [InlineData("backbone", "sync_data")] // ipywidgets 6
    public async Task A_moved_slider_changes_the_result_below(string method, string key)
    {
        using var cell = new NotebookCell();
        Interactive.Show((a, b) => $"{a} + {b}", Control.Slider("a", 0, 9, start: 1), Control.Slider("b", 0.0, 9, start: 2));
        Assert.Equal("1 + 2", cell.Below);

        cell.Widget("IntSliderModel").Receive(Change(method, key, "value", 7));
        await cell.ShowsBelow("7 + 2");
        cell.Widget("FloatSliderModel").Receive(Change(method, key, "value", 2.5));
        await cell.ShowsBelow("7 + 2.5");
    }

    [Theory]
    [InlineData("index")]
    [InlineData("value")] // ipywidgets 6
    public async Task A_list_is_chosen_from_by_place_or_by_text(string by)
    {
        using var cell = new NotebookCell();
        Interactive.Show(f => f.ToUpperInvariant(), Control.Choice("fruit", Fruit));
        cell.Widget("DropdownModel").Receive(Change("update", "state", by, by == "index" ? 2 : "cherry"));
        await cell.ShowsBelow("CHERRY");
    }

    [Fact]
    public async Task Words_narrow_the_list_and_the_value_stays_until_one_is_chosen()
    {
        using var cell = new NotebookCell();
        Interactive.Show(f => f, Control.Search("fruit", words => Fruit.Where(f => f.Contains(words, StringComparison.Ordinal)), "apple"));
        var list = cell.Widget("SelectModel");

        cell.Widget("TextModel").Receive(Change("update", "state", "value", "an"));
        var sent = (await list.Until(s => s.Count > 0))[^1];
        Assert.Equal("update", (string?)sent["method"]);
        Assert.Equal(["banana"], sent["state"]!["_options_labels"]!.AsArray().Select(o => (string)o!));
        Assert.Null(sent["state"]!["index"]);
        Assert.Equal("apple", cell.Below);

        list.Receive(Change("update", "state", "index", 0));
        await cell.ShowsBelow("banana");
        cell.Widget("TextModel").Receive(Change("update", "state", "value", "xyz"));
        Assert.Equal("Nothing found for &#39;xyz&#39;.", await Said(cell));
    }

    [Fact]
    public async Task An_error_is_one_line_under_the_controls_and_the_result_stays()
    {
        using var cell = new NotebookCell();
        Interactive.Show(n => n == 3 ? throw new InvalidOperationException("three\nis <odd>") : n, Control.Slider("n", 0, 9, offline: []));

        cell.Widget("IntSliderModel").Receive(Change("update", "state", "value", 3));
        await cell.Widget("HTMLModel").Until(s => s.Any(m => ((string)m["state"]!["value"]!).Length > 0));
        Assert.Equal("InvalidOperationException: three is &lt;odd&gt;", await Said(cell));
        Assert.Equal("0", cell.Below);

        cell.Widget("IntSliderModel").Receive(Change("update", "state", "value", 4));
        await cell.ShowsBelow("4");
        await cell.Widget("HTMLModel").Until(s => (string?)s[^1]["state"]!["value"] == "");
        Assert.Equal("", await Said(cell));
    }

    [Fact]
    public async Task A_number_that_cannot_be_chosen_is_said_to_be_so()
    {
        using var cell = new NotebookCell();
        Interactive.Show(n => n, Control.Number("latent", 0, 1535));
        cell.Widget("IntTextModel").Receive(Change("update", "state", "value", 5000));
        Assert.Equal("&#39;latent&#39; goes from 0 to 1535, so it cannot be 5000.", await Said(cell));
    }

    [Fact]
    public async Task A_page_that_was_opened_later_gets_the_state_as_it_is_now()
    {
        using var cell = new NotebookCell();
        Interactive.Show(n => n, Control.Slider("n", 0, 9));
        var slider = cell.Widget("IntSliderModel");
        slider.Receive(Change("update", "state", "value", 6));
        await cell.ShowsBelow("6");

        slider.Receive(new() { ["method"] = "request_state" });
        Assert.Equal(("jupyter-js-widgets", 6), ((string?)slider.Sent[^1]["state"]!["_model_module"], (int)slider.Sent[^1]["state"]!["value"]!));

        var manager = Comm.FromFrontEnd("jupyter.widget.control", []);
        manager.Receive(new() { ["method"] = "request_states" });
        var states = manager.Sent.Single();
        Assert.Equal("update_states", (string?)states["method"]);
        var state = states["states"]![slider.Id]!;
        Assert.Equal(("IntSliderModel", "@jupyter-widgets/controls", "2.0.0"), ((string?)state["model_name"], (string?)state["model_module"], (string?)state["model_module_version"]));
        Assert.Equal("@jupyter-widgets/base", (string?)states["states"]![cell.Widget("LayoutModel").Id]!["model_module"]);
        Assert.Equal(6, (int)state["state"]!["value"]!);
        // The output below belongs to the page that was there before.
        Assert.Contains("run the cell again", await Said(cell), StringComparison.Ordinal);
    }

    private static void Open(Control control)
    {
        switch (control)
        {
            case Control<int> whole: Interactive.Show(v => v, whole); break;
            case Control<double> real: Interactive.Show(v => v, real); break;
            case Control<string> text: Interactive.Show(v => v, text); break;
            case Control<bool> answer: Interactive.Show(v => v, answer); break;
        }
    }

    private static JsonObject Change(string method, string key, string part, JsonNode value) =>
        new() { ["method"] = method, [key] = new JsonObject { [part] = value }, ["buffer_paths"] = new JsonArray() };

    private static async Task<string> Said(NotebookCell cell) =>
        (string)(await cell.Widget("HTMLModel").Until(s => s.Count > 0))[^1]["state"]!["value"]!;
}
