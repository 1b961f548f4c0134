using System.Text.Json;
using System.Text.Json.Nodes;
using SaeNotebooks.Display;

namespace SaeNotebooks.Controls;

/// <summary>
/// The controls that the page itself draws, over a comm of their own: for front ends without widgets that let a page's scripts reach the kernel, as
/// Jupyter Notebook up to version 6 does. Each page that has the output opens one.
/// </summary>
internal sealed class PageFace : IControlFace
{
    private const string Target = "sae-notebooks.controls";
    private readonly LiveSession _session;
    private readonly NotebookComm _line;

    private PageFace(LiveSession session, NotebookComm line) => (_session, _line) = (session, line);

    /// <summary>Lets pages work the controls that have this id in them.</summary>
    public static void Offer(string id, LiveSession session)
    {
        LiveSessions.Keep(id, session);
        NotebookComm.Serve(Target, Open);
    }

    public void Show(IDisplayable result) => _line.Send(new() { ["html"] = result.ToHtml() });

    public void Say(string line) => _line.Send(new() { ["note"] = line });

    private static void Open(NotebookComm line, JsonElement data)
    {
        // The kernel that made the page's output has ended, or the session has: the page makes do with what lies in it.
        if (!data.TryGetProperty("id", out var id) || LiveSessions.Find(id.GetString() ?? "") is not { } session)
        {
            line.Close();
            return;
        }
        var face = new PageFace(session, line);
        line.Received = face.Receive;
        line.Send(new() { ["live"] = true });
    }

    private void Receive(JsonElement message)
    {
        var at = message.GetProperty("control").GetInt32();
        if (message.TryGetProperty("words", out var words))
        {
            _session.Search(at, words.GetString() ?? "", this);
            _line.Send(new() { ["control"] = at, ["options"] = new JsonArray([.. _session.Offered(at).Select(o => (JsonNode)o)]) });
        }
        else if (message.TryGetProperty("choice", out var choice)) _session.Choose(at, choice.GetInt32(), this);
        else if (message.TryGetProperty("value", out var value)) _session.Set(at, value, this);
    }
}
