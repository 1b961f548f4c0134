using System.Text.Json;
using System.Text.Json.Nodes;
using SaeNotebooks.Display;

namespace SaeNotebooks.Controls;

/// <summary>The controls as Jupyter widgets: one under the other, with a line for what there is to say. Results replace the output below.</summary>
internal sealed class WidgetFace : IControlFace
{
    private const string Anew = "This page was opened anew: run the cell again, and changes show.";
    private readonly LiveSession _session;
    private readonly WidgetModel _wide, _line, _box;
    private readonly string _id;
    private Action<object>? _update;
    private string _note = "";

    /// <param name="session">the controls</param>
    /// <param name="id">of their result in the page</param>
    public WidgetFace(LiveSession session, string id)
    {
        (_session, _id) = (session, id);
        _wide = new("Layout", new() { ["width"] = "560px" }, module: WidgetModel.Base); // a slider over thousands of latents needs room
        var widgets = session.Controls.SelectMany((control, at) => Widgets(control, at)).ToList();
        _line = new("HTML", new() { ["value"] = "" });
        var children = new JsonArray([.. widgets.Append(_line).Select(w => (JsonNode)w.Reference)]);
        _box = new("VBox", new() { ["children"] = children }) { Reopened = () => Say(_note = Anew) };
    }

    /// <summary>The model to view.</summary>
    public string ModelId => _box.Id;

    /// <summary>Shows the controls where the front end does so on request only, and results by <paramref name="update"/>.</summary>
    public void Attach(Action<object> update)
    {
        _update = update;
        _box.Display();
    }

    public void Show(IDisplayable result) => _update?.Invoke(new LiveResult(_id, result));

    public void Say(string line) => _line.Update(new() { ["value"] = Html.Encode(line.Length > 0 ? line : _note) });

    private IEnumerable<WidgetModel> Widgets(Control control, int at) => control.Kind switch
    {
        ControlKind.Slider or ControlKind.Number => [Number(control, at)],
        ControlKind.Choice => [List("Dropdown", control.Name, at)],
        ControlKind.Search => Search(control, at),
        ControlKind.Text => [Valued("Text", control.Name, (string)control.First, at, new() { ["continuous_update"] = false })],
        _ => [Valued("Checkbox", control.Name, (bool)control.First, at, [])],
    };

    private WidgetModel Number(Control control, int at)
    {
        var range = control.Range!;
        var isWhole = control.First is int;
        JsonNode In(double number) => isWhole ? (int)number : number;
        var state = new JsonObject { ["min"] = In(range.From), ["max"] = In(range.To), ["step"] = In(range.Step), ["readout_format"] = isWhole ? "d" : ".2f" };
        return Valued((isWhole ? "Int" : "Float") + (control.Kind == ControlKind.Slider ? "Slider" : "Text"), control.Name, In(Convert.ToDouble(control.First, null)), at, state);
    }

    private WidgetModel Valued(string widget, string name, JsonNode value, int at, JsonObject state)
    {
        (state["description"], state["value"], state["layout"]) = (name, value, _wide.Reference);
        return new(widget, state, (part, sent) => { if (part == "value") _session.Set(at, sent, this); });
    }

    /// <summary>A list: managers of ipywidgets 6 speak of the chosen text, later ones of its place.</summary>
    private WidgetModel List(string widget, string name, int at)
    {
        var offered = _session.Offered(at);
        var place = offered.ToList().IndexOf(_session.TextOf(at));
        return new(widget, new() { ["description"] = name, ["_options_labels"] = Texts(offered), ["index"] = place < 0 ? null : place, ["value"] = place < 0 ? "" : offered[place], ["layout"] = _wide.Reference }, (part, sent) =>
        {
            if (part == "index" && sent.ValueKind == JsonValueKind.Number) _session.Choose(at, sent.GetInt32(), this);
            else if (part == "value") _session.Choose(at, _session.Offered(at).ToList().IndexOf(sent.GetString() ?? ""), this);
        });
    }

    private IEnumerable<WidgetModel> Search(Control control, int at)
    {
        var list = List("Select", "", at);
        var state = new JsonObject { ["description"] = control.Name, ["value"] = "", ["placeholder"] = "words or a number", ["layout"] = _wide.Reference };
        yield return new("Text", state, (part, sent) =>
        {
            if (part != "value") return;
            _session.Search(at, sent.GetString() ?? "", this);
            list.Update(new() { ["_options_labels"] = Texts(_session.Offered(at)), ["index"] = null, ["value"] = "" });
        });
        yield return list;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode)t)];
}
