using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using SaeNotebooks.Kernel.Assistance;
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

    public static JsonObject IsComplete(string code)
    {
        var reply = new JsonObject { ["status"] = CellAssistant.Completeness(code) };
        if ((string?)reply["status"] == "incomplete") reply["indent"] = "";
        return reply;
    }

    public static JsonObject Shutdown(bool restart) => new() { ["status"] = "ok", ["restart"] = restart };

    public static JsonObject Unknown(string type) => Failed(CellError.FromMessage("UnknownRequest", $"This kernel does not answer '{type}'."));

    public static JsonObject Failed(CellError error)
    {
        var content = error.ToJson();
        content["status"] = "error";
        return content;
    }
}
