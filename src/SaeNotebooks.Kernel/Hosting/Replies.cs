using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using SaeNotebooks.Kernel.Protocol;
using SaeNotebooks.Kernel.Session;

namespace SaeNotebooks.Kernel.Hosting;

/// <summary>The contents of replies that need no running cell.</summary>
internal static class Replies
{
    private static readonly string Version = typeof(Replies).Assembly.GetName().Version!.ToString(3);

    public static JsonObject Ok() => new() { ["status"] = "ok" };

    public static JsonObject KernelInfo() => new()
    {
        ["status"] = "ok",
        ["protocol_version"] = MessageCodec.ProtocolVersion,
        ["implementation"] = "sae-csharp",
        ["implementation_version"] = Version,
        ["language_info"] = new JsonObject
        {
            ["name"] = "C#",
            ["version"] = CSharpSession.LanguageVersion,
            ["mimetype"] = "text/x-csharp",
            ["file_extension"] = ".cs",
            ["pygments_lexer"] = "csharp",
            ["codemirror_mode"] = "text/x-csharp",
        },
        ["banner"] = $"C# {CSharpSession.LanguageVersion} (SaeNotebooks {Version}, {RuntimeInformation.FrameworkDescription})",
        ["debugger"] = false,
        ["help_links"] = new JsonArray(),
    };

    public static JsonObject IsComplete(string code) => CSharpSession.IsComplete(code)
        ? new() { ["status"] = "complete" }
        : new() { ["status"] = "incomplete", ["indent"] = "" };

    public static JsonObject NoComms() => new() { ["status"] = "ok", ["comms"] = new JsonObject() };

    public static JsonObject NoHistory() => new() { ["status"] = "ok", ["history"] = new JsonArray() };

    public static JsonObject Shutdown(bool restart) => new() { ["status"] = "ok", ["restart"] = restart };

    public static JsonObject CloseComm(Request open) => new() { ["comm_id"] = open.Text("comm_id"), ["data"] = new JsonObject() };

    public static JsonObject Unknown(string type)
    {
        var content = CellError.FromMessage("UnknownRequest", $"This kernel does not answer '{type}'.").ToJson();
        content["status"] = "error";
        return content;
    }
}
