using System.Text.Json;
using System.Text.Json.Nodes;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using SaeNotebooks.Display;

namespace SaeNotebooks.Controls;

/// <summary>
/// Controls as a page shows them: a script draws them, asks the kernel where it can reach one, and else takes results out of the page. Without
/// scripts it says what was chosen. A front end with widgets shows the widget in its place.
/// </summary>
/// <param name="Controls">the controls</param>
/// <param name="Choices">what the page keeps</param>
[TypeFormatterSource(typeof(FormatterSource))]
internal sealed record ControlPage(IReadOnlyList<Control> Controls, OfflineChoices Choices) : IDisplayable, IWidgetView
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Lazy<string> Script = new(() =>
    {
        using var stream = typeof(ControlPage).Assembly.GetManifestResourceStream("controls/controls.js")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    private readonly Lazy<(string Id, string Json)> _spec = new(() => Spec(Controls, Choices));

    /// <summary>Tells these controls from others in a page; made from the content, so that running a notebook again writes the same file.</summary>
    public string Id => _spec.Value.Id;

    /// <summary>The widget's model, where there is one.</summary>
    public string? ModelId { get; init; }

    /// <summary>The result that follows at once, where it is no output of its own.</summary>
    public IDisplayable? Result { get; init; }

    public string? ToWidgetJson() => ModelId is null ? null
        : new JsonObject { ["version_major"] = 2, ["version_minor"] = 0, ["model_id"] = ModelId }.ToJsonString();

    public string ToHtml() =>
        $"<div class=\"sae-controls\" data-sae-controls=\"{Id}\" style=\"margin:4px 0 10px;font:14px/1.5 system-ui,-apple-system,'Segoe UI','Noto Sans','DejaVu Sans',sans-serif\">{Display.Html.Encode(Heading)}</div>\n" +
        $"<script>\n{Script.Value.Replace("@SPEC", _spec.Value.Json, StringComparison.Ordinal)}</script>{(Result is null ? "" : "\n" + new LiveResult(Id, Result).ToHtml())}";

    public string ToText() => Heading + (Result is null ? "" : "\n" + Result.ToText());

    public override string ToString() => ToText();

    private string Heading => $"{string.Join(", ", Controls.Select(c => $"{c.Name} = {c.TextOf(c.First)}"))} (to choose otherwise, edit the cell and run it)";

    private static (string, string) Spec(IReadOnlyList<Control> controls, OfflineChoices choices)
    {
        var spec = new JsonObject
        {
            ["controls"] = new JsonArray([.. controls.Select((control, at) => Spec(control, choices.Values[at], choices.Start[at]))]),
            ["results"] = Texts(choices.Results),
        };
        spec["id"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(spec.ToJsonString())))[..12];
        // Inside of a script element, where '<' could begin its end.
        return ((string)spec["id"]!, spec.ToJsonString(Readable).Replace("<", "\\u003c", StringComparison.Ordinal));
    }

    private static JsonObject Spec(Control control, IReadOnlyList<object> kept, int start) => new()
    {
        ["name"] = control.Name, ["kind"] = control.Kind.ToString().ToLowerInvariant(),
        ["from"] = control.Range?.From, ["to"] = control.Range?.To, ["step"] = control.Range?.Step,
        ["value"] = control.TextOf(control.First), ["options"] = Texts(control.Find("").Select(control.TextOf)),
        ["kept"] = Texts(kept.Select(control.TextOf)), ["start"] = start,
    };

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode)t)];
}
