using System.Text.Json.Nodes;
using NetMQ;

namespace SaeNotebooks.Kernel.Tests.Wire;

[Collection(nameof(SharedKernel))]
public sealed class ProtocolTests(SharedKernel kernel)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(400);

    private KernelClient Client => kernel.Client;

    [Theory]
    [InlineData("shell")]
    [InlineData("control")]
    public void Kernel_info_describes_the_language(string channel)
    {
        var info = Client.Ask("kernel_info_request", channel: channel);
        Assert.Equal("5.3", info.GetProperty("protocol_version").GetString());
        var language = info.GetProperty("language_info");
        Assert.Equal(("C#", ".cs"), (language.GetProperty("name").GetString(), language.GetProperty("file_extension").GetString()));
    }

    [Fact]
    public void A_message_with_a_wrong_signature_is_dropped() => AssertDropped(message =>
    {
        var signature = message[1].ConvertToString();
        return Replace(message, 1, (signature[0] == '0' ? '1' : '0') + signature[1..]);
    });

    [Fact]
    public void An_unsigned_message_is_dropped() => AssertDropped(message => Replace(message, 1, ""));

    [Fact]
    public void A_changed_message_is_dropped() => AssertDropped(message => Replace(message, 5, """{"code": "1"}"""));

    [Fact]
    public void A_message_with_frames_missing_is_dropped() => AssertDropped(message => new NetMQMessage(message.Take(4)));

    [Fact]
    public void A_replayed_message_is_dropped()
    {
        NetMQMessage? copy = null;
        var id = Client.Send("kernel_info_request", tamper: message => copy = new NetMQMessage(message.Select(frame => frame.ToByteArray())));
        Client.Reply(id, "shell");
        AssertDropped(_ => copy!);
    }

    [Theory]
    [InlineData("1 + 1", "complete")]
    [InlineData("int F() {", "incomplete")]
    [InlineData("var x = ", "incomplete")]
    [InlineData("#r \"nuget: A, 1\"\nfoo(", "incomplete")]
    public void Is_complete_says_whether_the_end_is_missing(string code, string status) =>
        Assert.Equal(status, Client.Ask("is_complete_request", new JsonObject { ["code"] = code }).GetProperty("status").GetString());

    [Theory]
    [InlineData("#!time\n1 + 1", "complete")]
    [InlineData("1 1", "invalid")]
    public void Is_complete_knows_the_magics_and_what_is_no_code(string code, string status) =>
        Assert.Equal(status, Client.Ask("is_complete_request", new JsonObject { ["code"] = code }).GetProperty("status").GetString());

    [Theory]
    [InlineData("debug_request")]
    [InlineData("no_such_request")]
    public void An_unknown_request_gets_an_error_reply(string type) =>
        Assert.Equal("error", Client.Ask(type).GetProperty("status").GetString());

    [Theory]
    [InlineData("complete_request", """{"code": 5, "cursor_pos": "x"}""")]
    [InlineData("complete_request", """{"code": "a", "cursor_pos": 99999}""")]
    [InlineData("inspect_request", """{"code": "a", "cursor_pos": -1}""")]
    [InlineData("history_request", """{"hist_access_type": [], "n": 1.5}""")]
    [InlineData("comm_msg", "{}")]
    [InlineData("execute_request", "{}")]
    public void A_request_whose_content_makes_no_sense_does_no_harm(string type, string content)
    {
        Client.Next(Client.Send(type, JsonNode.Parse(content)!.AsObject()), "status");
        Assert.Equal("1", Client.Run("1").Result);
    }

    [Fact]
    public void History_tells_the_tail_a_range_and_what_matches()
    {
        var first = Client.Run("var firstInHistory = 1;").Count;
        Client.Run("var secondInHistory = 2;");
        Assert.Equal([[first + 1, "var secondInHistory = 2;"]], History(new() { ["hist_access_type"] = "tail", ["n"] = 1 }));
        Assert.Equal([[first, "var firstInHistory = 1;"]], History(new() { ["hist_access_type"] = "range", ["session"] = 0, ["start"] = first, ["stop"] = first + 1 }));
        Assert.Equal([[first, "var firstInHistory = 1;"]], History(new() { ["hist_access_type"] = "search", ["pattern"] = "*first?nHist*" }));
    }

    [Fact]
    public void The_console_can_be_read_line_by_line()
    {
        var id = Client.SendCell("Console.ReadLine() + \"|\" + (char)Console.Read() + Console.ReadLine()", allowStdin: true);
        foreach (var line in new[] { "one", "two" })
        {
            Client.InputRequest();
            Client.Send("input_reply", new JsonObject { ["value"] = line }, "stdin");
        }
        Assert.Equal("one|two", Client.Finish(id).Result);
    }

    [Fact]
    public void The_heartbeat_echoes() => Assert.Equal([1, 2, 3], Client.Heartbeat([1, 2, 3]));

    [Fact]
    public void A_cell_can_ask_for_input()
    {
        var id = Client.SendCell("var name = await GetInputAsync(\"Name?\");\nname + \"!\"", allowStdin: true);
        var question = Client.InputRequest();
        Assert.Equal(("input_request", id), (question.Type, question.Parent));
        Assert.Equal("Name?", question.Content.GetProperty("prompt").GetString());
        Client.Send("input_reply", new JsonObject { ["value"] = "Ann" }, "stdin");
        Assert.Equal("Ann!", Client.Finish(id).Result);
    }

    [Fact]
    public void A_client_that_cannot_ask_gets_an_error_instead_of_a_wait() =>
        Assert.Contains("cannot ask for input", Client.Run("await GetInputAsync(\"Name?\")").Trace);

    private object[][] History(JsonObject content) =>
    [
        .. Client.Ask("history_request", content).GetProperty("history").EnumerateArray()
            .Select(entry => new object[] { entry[1].GetInt32(), entry[2].GetString()! }),
    ];

    private void AssertDropped(Func<NetMQMessage, NetMQMessage> tamper)
    {
        var lines = kernel.Process.Errors.Length;
        Client.Send("kernel_info_request", tamper: tamper);
        Assert.False(Client.Hears("shell", Moment));
        Assert.Contains("dropped", Assert.Single(kernel.Process.Errors.Skip(lines)));
        Assert.Equal("1", Client.Run("1").Result);
    }

    private static NetMQMessage Replace(NetMQMessage message, int index, string text) =>
        new(message.Select((frame, i) => i == index ? new NetMQFrame(text) : frame));
}
