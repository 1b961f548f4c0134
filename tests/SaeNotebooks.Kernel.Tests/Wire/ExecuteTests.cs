namespace SaeNotebooks.Kernel.Tests.Wire;

[Collection(nameof(SharedKernel))]
public sealed class ExecuteTests(SharedKernel kernel)
{
    private KernelClient Client => kernel.Client;

    [Fact]
    public void A_cell_sends_its_messages_in_the_order_of_the_protocol()
    {
        var cell = Client.Run("Console.Write(\"a\");\n1 + 1");
        Assert.Equal(["status", "execute_input", "stream", "execute_result", "status"], cell.Types);
        Assert.Equal(("busy", "idle"), (cell.Shown[0].State, cell.Shown[^1].State));
        Assert.Equal("2", cell.Result);
        Assert.Equal("ok", cell.Status);
        Assert.Equal(cell.Count, cell.Shown[1].Content.GetProperty("execution_count").GetInt32());
    }

    [Fact]
    public void State_types_and_functions_last_across_cells()
    {
        Client.Run("record Cat(string Name);\nvar cat = new Cat(\"Tom\");\nstring Twice(string s) => s + s;");
        Assert.Equal("TomTom", Client.Run("Twice(cat.Name)").Result);
    }

    [Fact]
    public void A_cell_of_usings_alone_holds_for_later_cells()
    {
        Client.Run("using System.Diagnostics;");
        Assert.Equal("True", Client.Run("Stopwatch.IsHighResolution").Result);
    }

    [Fact]
    public void Top_level_await_works() =>
        Assert.Equal("7", Client.Run("var seven = await Task.Run(async () => { await Task.Delay(5); return 7; });\nseven").Result);

    [Theory]
    [InlineData("var a = 1;")]
    [InlineData("1.ToString();")]
    [InlineData("Console.Out.Flush()")]
    [InlineData("void Nothing() { }")]
    [InlineData("")]
    public void A_cell_without_a_final_value_has_no_result(string code) => Assert.Empty(Client.Run(code).Of("execute_result"));

    [Fact]
    public void Null_is_a_value() => Assert.Equal("<null>", Client.Run("(string)null").Result);

    [Fact]
    public void Output_is_sent_while_the_cell_still_runs()
    {
        var id = Client.SendCell("Console.WriteLine(\"first\");\nwhile (!File.Exists(\"go\")) await Task.Delay(5);"
            .Replace("File", "System.IO.File"));
        Assert.Equal("first\n", Client.Next(id, "stream").Content.GetProperty("text").GetString());
        File.WriteAllText(Path.Combine(kernel.Process.Folder, "go"), "");
        Assert.Equal("ok", Client.Finish(id).Status);
    }

    [Fact]
    public void Both_streams_keep_their_order_and_threads_their_cell()
    {
        var cell = Client.Run(
            "Console.Write(1); Console.Error.Write(2); Console.Write(3);\nvar t = new System.Threading.Thread(() => Console.Write(4)); t.Start(); t.Join();");
        Assert.Equal(("134", "2"), (cell.Stream("stdout"), cell.Stream("stderr")));
        Assert.Equal(3, cell.Of("stream").Count());
    }

    [Fact]
    public void Many_small_writes_all_arrive_in_few_messages()
    {
        var cell = Client.Run("for (var i = 0; i < 10_000; i++) Console.WriteLine(i);");
        Assert.Equal(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{i}\n")), cell.Stream("stdout"));
        Assert.InRange(cell.Of("stream").Count(), 1, 100);
    }

    [Fact]
    public void Execution_counts_skip_silent_and_unstored_cells()
    {
        var before = Client.Run("1").Count;
        var silent = Client.Finish(Client.SendCell("2", silent: true));
        Assert.Equal(["status", "status"], silent.Types);
        Client.Finish(Client.SendCell("3", storeHistory: false));
        Assert.Equal(before + 1, Client.Run("4").Count);
    }

    [Fact]
    public void The_imports_are_those_of_NET_Interactive_and_no_more()
    {
        // A kernel of its own: a cell of another test may have imported more.
        using var own = new KernelProcess();
        using var client = new KernelClient(own);
        Assert.Equal("ok", client.Run("var b = new StringBuilder(); var l = new List<int> { 1 }.Select(i => i).ToList();").Status);
        Assert.Contains("CS0103", client.Run("File.Exists(\"x\")").Trace);
    }

    [Fact]
    public void A_loop_in_a_cell_runs_optimised()
    {
        // A local array that no one else sees: unoptimised code keeps every intermediate in memory and takes about five times as long.
        const string loop = "int Sum() { var s = 0; for (var k = 0; k < 200; k++) for (var i = 0; i < 1_000_000; i++) s += i & k; return s; }\nSum();";
        var optimised = "System.Diagnostics.DebuggableAttribute";
        Client.Run(loop);
        Assert.Equal("False", Client.Run(
            $"var d = ({optimised})Attribute.GetCustomAttribute(((Func<int>)Sum).Method.Module.Assembly, typeof({optimised}));\nd?.IsJITOptimizerDisabled ?? false").Result);
    }
}
