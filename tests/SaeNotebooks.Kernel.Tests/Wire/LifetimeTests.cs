using System.Diagnostics;
using System.Text.Json.Nodes;

namespace SaeNotebooks.Kernel.Tests.Wire;

public sealed class LifetimeTests
{
    [Theory]
    [InlineData(false, "control")]
    [InlineData(true, "shell")]
    public void Shutdown_is_answered_and_ends_the_process(bool restart, string channel)
    {
        using var kernel = new KernelProcess();
        using var client = new KernelClient(kernel);
        var reply = client.Ask("shutdown_request", new JsonObject { ["restart"] = restart }, channel);
        Assert.Equal(restart, reply.GetProperty("restart").GetBoolean());
        Assert.Equal(0, kernel.ExitCode());
    }

    [Fact]
    public void Shutdown_does_not_wait_for_a_running_cell()
    {
        using var kernel = new KernelProcess();
        using var client = new KernelClient(kernel);
        client.Next(client.SendCell("Console.Write(1); while (true) { }"), "stream");
        client.Ask("shutdown_request", new JsonObject { ["restart"] = false }, "control");
        Assert.Equal(0, kernel.ExitCode());
    }

    [Fact]
    public void A_cell_that_exits_ends_its_kernel_and_its_client_hears_why()
    {
        using var kernel = new KernelProcess();
        using var client = new KernelClient(kernel);
        var cell = client.Run("Console.Write(1); Environment.Exit(3);");
        Assert.Equal(("error", "KernelExit", "1"), (cell.Status, cell.ErrorName, cell.Stream("stdout")));
        Assert.Contains("exit code 3", Assert.Single(cell.Of("error")).Content.GetProperty("evalue").GetString());
        Assert.Equal(3, kernel.ExitCode());
    }

    [Fact]
    public void The_interrupt_signal_ends_the_cell_and_not_the_kernel()
    {
        using var kernel = new KernelProcess();
        using var client = new KernelClient(kernel);
        var id = client.SendCell("Console.Write(1); while (true) { }");
        client.Next(id, "stream");
        using (var kill = Process.Start("kill", ["-INT", kernel.Process.Id.ToString()])) kill.WaitForExit();
        Assert.Equal("Interrupted", client.Finish(id).ErrorName);
        Assert.Equal("1", client.Run("1").Result);
    }

    [Fact]
    public void A_taken_port_is_said_in_one_line()
    {
        using var first = new KernelProcess();
        using var client = new KernelClient(first);
        using var second = new KernelProcess(ports: first.Ports);
        Assert.Equal(1, second.ExitCode());
        Assert.Contains($"127.0.0.1:{first.Ports[0]}", Assert.Single(second.Errors));
        Assert.Equal("1", client.Run("1").Result);
    }

    [Theory]
    [InlineData("0.0.0.0", "key", "--allow-remote")]
    [InlineData("127.0.0.1", "", "key")]
    public void An_open_or_unsigned_connection_is_refused(string ip, string key, string reason)
    {
        using var kernel = new KernelProcess(ip, key);
        Assert.Equal(1, kernel.ExitCode());
        Assert.Contains(reason, Assert.Single(kernel.Errors));
    }

    [Fact]
    public void Other_addresses_are_served_when_that_is_asked_for()
    {
        using var kernel = new KernelProcess(ip: "0.0.0.0", options: ["--allow-remote"]);
        using var client = new KernelClient(kernel);
        Assert.Equal("1", client.Run("1").Result);
    }

    [Fact]
    public void A_connection_file_that_others_can_read_is_made_its_owners_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        using var kernel = new KernelProcess(isShared: true);
        using var client = new KernelClient(kernel);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kernel.ConnectionFile));
        Assert.Contains("read by others", Assert.Single(kernel.Errors));
    }
}
