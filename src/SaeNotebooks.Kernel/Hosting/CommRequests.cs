using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive;
using SaeNotebooks.Kernel.Protocol;

namespace SaeNotebooks.Kernel.Hosting;

/// <summary>What clients send over comms, and about them.</summary>
internal static class CommRequests
{
    /// <summary>Hands a comm_open, comm_msg or comm_close to whoever it is for; an unknown comm is ignored, an unknown target closed.</summary>
    public static void Handle(Request request, KernelInvocationContext message)
    {
        var id = request.Text("comm_id");
        if (request.Type == "comm_msg") Comm.Find(id)?.Received?.Invoke(request.Data, request.Buffers);
        else if (request.Type == "comm_close") Comm.Find(id)?.End();
        else if (!Comm.Accept(id, request.Text("target_name"), request.Data, request.Buffers, message))
            message.Host.Publish("comm_close", new JsonObject { ["comm_id"] = id, ["data"] = new JsonObject() }, [], []);
    }

    /// <summary>The content of a comm_info_reply: the open comms, or those to one target.</summary>
    public static JsonObject Info(Request request)
    {
        var target = request.Text("target_name");
        var comms = new JsonObject();
        foreach (var comm in Comm.All.Where(comm => target.Length == 0 || comm.Target == target))
            comms[comm.Id] = new JsonObject { ["target_name"] = comm.Target };
        return new() { ["status"] = "ok", ["comms"] = comms };
    }
}
