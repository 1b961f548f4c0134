using System.Text.Json.Nodes;

namespace SaeNotebooks.Kernel.Tests.Wire;

[Collection(nameof(SharedKernel))]
public sealed class CommTests(SharedKernel kernel)
{
    private const string Usings = "using Microsoft.DotNet.Interactive; using System.Text.Json.Nodes;\n";

    private KernelClient Client => kernel.Client;

    [Fact]
    public void A_comm_that_nobody_serves_is_closed()
    {
        var id = Open("c1", "none");
        Assert.Equal("c1", Client.Next(id, "comm_close").Content.GetProperty("comm_id").GetString());
        Assert.DoesNotContain("c1", Open());
    }

    [Fact]
    public void A_cell_opens_a_comm_and_answers_its_messages_while_no_cell_runs()
    {
        var cell = Client.Run(Usings + """
            var slider = Comm.Open("jupyter.widget", new JsonObject { ["state"] = 1 }, new JsonObject { ["version"] = "2.1.0" }, [new byte[] { 1, 2 }], id: "slider");
            slider.Received = (data, buffers) => slider.Send(new JsonObject { ["twice"] = 2 * data.GetProperty("value").GetInt32(), ["bytes"] = buffers[0].Length });
            """);
        var opened = cell.Of("comm_open").Single();
        Assert.Equal(("slider", "jupyter.widget"), (Text(opened, "comm_id"), Text(opened, "target_name")));
        Assert.Equal((1, "2.1.0"), (opened.Data.GetProperty("state").GetInt32(), opened.Metadata.GetProperty("version").GetString()));
        Assert.Equal([1, 2], Assert.Single(opened.Buffers));

        var id = Client.Send("comm_msg", new JsonObject { ["comm_id"] = "slider", ["data"] = new JsonObject { ["value"] = 21 } }, buffers: [[7, 8, 9]]);
        var answer = Client.Next(id, "comm_msg");
        Assert.Equal((42, 3), (answer.Data.GetProperty("twice").GetInt32(), answer.Data.GetProperty("bytes").GetInt32()));

        Assert.Contains("slider", Open("jupyter.widget"));
        Assert.DoesNotContain("slider", Open("another.target"));
        Client.Run("slider.Close();");
        Assert.DoesNotContain("slider", Open("jupyter.widget"));
    }

    [Fact]
    public void The_front_end_opens_a_comm_to_a_target_that_a_cell_serves()
    {
        Client.Run(Usings + """
            var heard = new List<string>();
            Comm.Serve("echo", (comm, data, buffers) =>
            {
                heard.Add("open " + data.GetProperty("hello"));
                comm.Received = (message, _) => { display("shown"); comm.Send(new JsonObject { ["echo"] = message.GetProperty("say").GetString() }); };
                comm.Closed = () => heard.Add("closed");
            });
            """);
        Open("e1", "echo", new JsonObject { ["hello"] = 1 });
        var id = Client.Send("comm_msg", new JsonObject { ["comm_id"] = "e1", ["data"] = new JsonObject { ["say"] = "hi" } });
        Client.Next(id, "display_data"); // belongs to the message
        Assert.Equal("hi", Client.Next(id, "comm_msg").Data.GetProperty("echo").GetString());
        Client.Send("comm_close", new JsonObject { ["comm_id"] = "e1", ["data"] = new JsonObject() });
        Assert.Equal("open 1, closed", Client.Run("string.Join(\", \", heard)").Result);
    }

    [Fact]
    public void A_handler_that_throws_or_hangs_is_handled_as_a_cell_is()
    {
        Client.Run(Usings + """
            Comm.Serve("bad", (comm, _, _) => comm.Received = (message, _) =>
            {
                if (message.TryGetProperty("throw", out var thrown)) throw new FormatException("no");
                Console.Write("on");
                while (true) { }
            });
            """);
        Open("b1", "bad");
        var thrown = Client.Send("comm_msg", new JsonObject { ["comm_id"] = "b1", ["data"] = new JsonObject { ["throw"] = 1 } });
        Assert.Equal("FormatException", Text(Client.Next(thrown, "error"), "ename"));
        var hung = Client.Send("comm_msg", new JsonObject { ["comm_id"] = "b1", ["data"] = new JsonObject() });
        Client.Next(hung, "stream");
        Client.Ask("interrupt_request", channel: "control");
        Assert.Equal("Interrupted", Text(Client.Next(hung, "error"), "ename"));
        Assert.Equal("1", Client.Run("1").Result);
    }

    [Fact]
    public void A_library_finds_comms_by_name_alone() =>
        Assert.Equal("True", Client.Run("""
            var type = AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType("Microsoft.DotNet.Interactive.Comm")).First(t => t is not null);
            Action<object, System.Text.Json.JsonElement, IReadOnlyList<byte[]>> opened = (comm, data, buffers) => { };
            type.GetMethod("Serve").Invoke(null, new object[] { "by name", opened });
            var comm = type.GetMethod("Open").Invoke(null, new object[] { "by name", null, null, null, null });
            Action<System.Text.Json.JsonElement, IReadOnlyList<byte[]>> received = (data, buffers) => { };
            type.GetProperty("Received").SetValue(comm, received);
            type.GetProperty("IsOpen").GetValue(comm)
            """).Result);

    private string Open(string id, string target, JsonObject? data = null) =>
        Client.Send("comm_open", new JsonObject { ["comm_id"] = id, ["target_name"] = target, ["data"] = data ?? [] });

    private IEnumerable<string> Open(string? target = null) =>
        Client.Ask("comm_info_request", target is null ? [] : new JsonObject { ["target_name"] = target }).GetProperty("comms").EnumerateObject().Select(comm => comm.Name);

    private static string Text(WireMessage message, string key) => message.Content.GetProperty(key).GetString()!;
}
