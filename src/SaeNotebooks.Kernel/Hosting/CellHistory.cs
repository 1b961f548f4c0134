using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SaeNotebooks.Kernel.Protocol;

namespace SaeNotebooks.Kernel.Hosting;

/// <summary>The cells of this session, for consoles that offer them again. For one thread.</summary>
internal sealed class CellHistory
{
    private readonly List<(int Number, string Code)> cells = [];

    public void Add(int number, string code) => cells.Add((number, code));

    /// <summary>The content of a history_reply: a tail, a range, or a search with * and ?.</summary>
    public JsonObject Answer(Request request)
    {
        var most = request.Number("n", otherwise: int.MaxValue);
        var chosen = request.Text("hist_access_type") switch
        {
            "range" => cells.Where(cell => cell.Number >= request.Number("start", 0) && cell.Number < request.Number("stop", int.MaxValue)),
            "search" => Search(request.Text("pattern"), request.Flag("unique", otherwise: false)).TakeLast(most),
            _ => cells.TakeLast(most),
        };
        var isWithOutput = request.Flag("output", otherwise: false);
        return new()
        {
            ["status"] = "ok",
            ["history"] = new JsonArray([.. chosen.Select(cell =>
                (JsonNode)new JsonArray(0, cell.Number, isWithOutput ? new JsonArray(cell.Code, null) : cell.Code))]),
        };
    }

    private IEnumerable<(int Number, string Code)> Search(string pattern, bool unique)
    {
        var glob = new Regex($"^{Regex.Escape(pattern).Replace("\\*", ".*").Replace("\\?", ".")}$", RegexOptions.Singleline);
        var found = cells.Where(cell => glob.IsMatch(cell.Code));
        return unique ? found.Reverse().DistinctBy(cell => cell.Code).Reverse() : found;
    }
}
