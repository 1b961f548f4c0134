namespace SaeNotebooks.Kernel.Tests.Wire;

[Collection(nameof(SharedKernel))]
public sealed class RobustnessTests(SharedKernel kernel)
{
    private KernelClient Client => kernel.Client;

    [Fact]
    public void Endless_text_is_cut_off_with_a_notice_and_the_cell_goes_on()
    {
        var cell = Client.Run("var part = new string('x', 1 << 16); for (var i = 0; i < 1 << 13; i++) Console.Write(part); \"end\"");
        Assert.Equal(8 << 20, cell.Stream("stdout").Length);
        Assert.Contains("cut off", Assert.Single(cell.Stream("stderr").Trim().Split('\n')));
        Assert.Equal("end", cell.Result);
        Assert.Equal("again", Client.Run("Console.Write(\"again\");").Stream("stdout"));
    }

    [Theory]
    [InlineData("var t = new System.Threading.Thread(() => throw new FormatException(\"stray\")); t.Start(); t.Join();")]
    [InlineData("async void Fire() { await Task.Delay(1); throw new FormatException(\"stray\"); }\nFire();")]
    public void An_exception_on_another_thread_is_shown_and_ends_that_thread_alone(string code)
    {
        Client.Run("var survives = 1;");
        var id = Client.SendCell(code + "\nawait Task.Delay(300);");
        Assert.Contains("FormatException: stray", Client.Finish(id).Stream("stderr"));
        Assert.Equal("1", Client.Run("survives").Result);
    }

    [Fact]
    public void A_task_that_is_left_behind_writes_to_its_own_cell()
    {
        var id = Client.SendCell("var left = Task.Run(async () => { await Task.Delay(300); Console.Write(\"late\"); });");
        Client.Finish(id);
        Assert.Equal("", Client.Run("await left;").Stream("stdout"));
        Assert.Equal("1", Client.Run("1").Result);
    }

    [Fact]
    public void A_stack_overflow_ends_its_kernel_alone()
    {
        using var other = new KernelProcess();
        using var client = new KernelClient(other);
        client.SendCell("int Deep(int n) => Deep(n + 1) + 1;\nDeep(0)");
        Assert.NotEqual(0, other.ExitCode());
        Assert.Contains(other.Errors, line => line.Contains("Stack overflow"));
        Assert.Equal("1", Client.Run("1").Result);
    }

    [Fact]
    public void Many_cells_and_many_small_outputs_all_arrive()
    {
        for (var i = 0; i < 200; i++) Assert.Equal($"{i}", Client.Run($"var v{i} = {i};\nv{i}").Result);
        Assert.Equal("199", Client.Run("v0 + v199").Result);
        var shown = Client.Run("for (var i = 0; i < 10_000; i++) display(i);").Of("display_data").Select(message => message.Data.GetProperty("text/plain").GetString());
        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => $"{i}"), shown);
    }
}
