namespace SaeNotebooks.Kernel.Tests.Wire;

[Collection(nameof(SharedKernel))]
public sealed class InterruptTests(SharedKernel kernel)
{
    private const string Token = "Microsoft.DotNet.Interactive.KernelInvocationContext.Current.CancellationToken";

    private KernelClient Client => kernel.Client;

    [Theory]
    [InlineData($"await Task.Delay(60_000, {Token});")]
    [InlineData($"while (true) {Token}.ThrowIfCancellationRequested();")]
    [InlineData("while (true) { }")]
    [InlineData("var n = 0L; while (true) Console.WriteLine(n++);")]
    [InlineData("System.Threading.Thread.Sleep(60_000);")]
    [InlineData("await Task.Run(() => System.Threading.Thread.Sleep(10_000));")]
    [InlineData("while (true) { try { System.Threading.Thread.Sleep(1); } catch { } }")]
    public void An_interrupt_ends_the_cell_and_keeps_the_variables(string code)
    {
        Client.Run("var before = 1;");
        var id = Client.SendCell("Console.Write(\"on\");\n" + code);
        Client.Next(id, "stream");
        Assert.Equal("ok", Client.Ask("interrupt_request", channel: "control").GetProperty("status").GetString());
        var cell = Client.Finish(id);
        Assert.Equal(("error", "Interrupted"), (cell.Status, cell.ErrorName));
        Assert.Equal("2", Client.Run("before + 1").Result);
    }

    [Fact]
    public void A_cell_can_end_its_own_way_when_it_is_interrupted()
    {
        var id = Client.SendCell(
            $"Console.Write(\"on\");\ntry {{ await Task.Delay(60_000, {Token}); }} catch (OperationCanceledException) {{ Console.Write(\" off\"); }}\n3");
        Client.Next(id, "stream");
        Client.Ask("interrupt_request", channel: "control");
        var cell = Client.Finish(id);
        Assert.Equal((" off", "3"), (cell.Stream("stdout"), cell.Result));
    }

    [Fact]
    public void A_cell_that_is_ended_by_force_keeps_what_it_had_assigned()
    {
        var id = Client.SendCell("var assigned = 5; Console.Write(\"on\"); while (true) { }");
        Client.Next(id, "stream");
        Client.Ask("interrupt_request", channel: "control");
        Assert.Equal("Interrupted", Client.Finish(id).ErrorName);
        Assert.Equal("5", Client.Run("assigned").Result);
    }

    [Fact]
    public void An_interrupt_between_cells_does_nothing()
    {
        Client.Ask("interrupt_request", channel: "control");
        Assert.Equal("1", Client.Run("1").Result);
    }
}
