using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using SaeNotebooks.Display;

namespace SaeNotebooks.Controls;

/// <summary>
/// One widget as the front end's widget manager keeps it: the Jupyter widget messaging protocol 2.1, with the models of ipywidgets 8 (base and controls
/// 2.0). Debian 12's manager for Jupyter Notebook is of ipywidgets 6, which speaks protocol 1: it reads the state at the top of the opening message
/// under its own module's name, sends "backbone" where later ones send "update", and shows a widget when it is told to over the comm. The names and
/// keys of both differ, so one message serves either.
/// </summary>
internal sealed class WidgetModel
{
    /// <summary>The modules that models are of.</summary>
    public const string Controls = "@jupyter-widgets/controls", Base = "@jupyter-widgets/base";

    private const string Target = "jupyter.widget", ControlTarget = "jupyter.widget.control", Version = "2.0.0";
    private const string OldModule = "jupyter-js-widgets", OldVersion = "~2.1.4";
    private static readonly ConcurrentDictionary<string, WidgetModel> Models = [];
    private readonly JsonObject _state;
    private readonly NotebookComm _line;
    private readonly Action<string, JsonElement>? _changed;

    /// <summary>Opens a widget in the front end.</summary>
    /// <param name="name">the widget's name in its module, for example IntSlider</param>
    /// <param name="state">what distinguishes it from its model's defaults</param>
    /// <param name="changed">called with the name and value of each part of the state that the person changes</param>
    /// <param name="module">what it is of</param>
    public WidgetModel(string name, JsonObject state, Action<string, JsonElement>? changed = null, string module = Controls)
    {
        (_state, _changed) = (state, changed);
        foreach (var part in new[] { "model", "view" })
        {
            state[$"_{part}_module"] = module;
            state[$"_{part}_module_version"] = Version;
            state[$"_{part}_name"] = name + (part == "model" ? "Model" : "View");
        }
        var data = Old(state);
        data["state"] = state.DeepClone();
        data["buffer_paths"] = new JsonArray();
        NotebookComm.Serve(ControlTarget, AnswerManager);
        _line = NotebookComm.Open(Target, data, new JsonObject { ["version"] = "2.1.0" });
        _line.Received = Receive;
        _line.Closed = () => Models.TryRemove(Id, out _); // at once, where the front end has no widgets
        Models[Id] = this;
    }

    /// <summary>The model's id.</summary>
    public string Id => _line.Id;

    /// <summary>Called when a page that was opened after the widget asks for its state.</summary>
    public Action? Reopened { private get; set; }

    /// <summary>How other models name this one.</summary>
    public string Reference => $"IPY_MODEL_{Id}";

    /// <summary>Changes parts of the state in the front end.</summary>
    public void Update(JsonObject parts)
    {
        Keep(parts);
        _line.Send(new JsonObject { ["method"] = "update", ["state"] = parts, ["buffer_paths"] = new JsonArray() });
    }

    /// <summary>Has managers that take no notice of the view's MIME type show it.</summary>
    public void Display() => _line.Send(new JsonObject { ["method"] = "display" });

    private void Receive(JsonElement message)
    {
        var method = message.TryGetProperty("method", out var name) ? name.GetString() : null;
        if (method is "update" && message.TryGetProperty("state", out var parts) || method is "backbone" && message.TryGetProperty("sync_data", out parts)) Take(parts);
        else if (method is "request_state")
        {
            Reopened?.Invoke();
            _line.Send(new JsonObject { ["method"] = "update", ["state"] = Old(_state), ["buffer_paths"] = new JsonArray() });
        }
    }

    private void Take(JsonElement parts)
    {
        Keep(JsonObject.Create(parts)!);
        foreach (var part in parts.EnumerateObject()) _changed?.Invoke(part.Name, part.Value);
    }

    private void Keep(JsonObject parts)
    {
        lock (_state)
            foreach (var (key, value) in parts) _state[key] = value?.DeepClone();
    }

    private static JsonObject Old(JsonObject state)
    {
        JsonObject old;
        lock (state) old = state.DeepClone().AsObject();
        foreach (var part in new[] { "model", "view" }) (old[$"_{part}_module"], old[$"_{part}_module_version"]) = (OldModule, OldVersion);
        return old;
    }

    /// <summary>A manager of ipywidgets 8 that connects to a running kernel asks for all states over a comm of its own.</summary>
    private static void AnswerManager(NotebookComm line, JsonElement _) => line.Received = message =>
    {
        if (message.TryGetProperty("method", out var method) && method.GetString() != "request_states") return;
        var states = new JsonObject();
        foreach (var model in Models.Values)
        {
            model.Reopened?.Invoke();
            states[model.Id] = model.Description();
        }
        line.Send(new JsonObject { ["method"] = "update_states", ["states"] = states, ["buffer_paths"] = new JsonArray() });
    };

    private JsonObject Description()
    {
        lock (_state)
            return new()
            {
                ["model_name"] = _state["_model_name"]!.DeepClone(), ["model_module"] = _state["_model_module"]!.DeepClone(), ["model_module_version"] = Version,
                ["state"] = _state.DeepClone(),
            };
    }
}
