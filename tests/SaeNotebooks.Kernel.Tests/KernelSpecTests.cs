using System.Diagnostics;
using System.Text.Json;
using SaeNotebooks.Kernel.Installation;

namespace SaeNotebooks.Kernel.Tests;

public sealed class KernelSpecTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("kernel-tests-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_kernel_is_registered_under_its_own_name_and_as_the_one_of_Polyglot_notebooks()
    {
        Assert.Equal(2, KernelSpec.Install(folder).Count);
        foreach (var name in new[] { "sae-csharp", ".net-csharp" })
        {
            var spec = Read(name);
            Assert.Equal(("C#", "message"), (spec.GetProperty("language").GetString(), spec.GetProperty("interrupt_mode").GetString()));
            string[] command = [.. spec.GetProperty("argv").EnumerateArray().Select(part => part.GetString()!)];
            Assert.Equal(["dotnet", typeof(KernelLog).Assembly.Location, "{connection_file}"], command);
        }
    }

    [Fact]
    public void Another_kernel_keeps_its_name_and_an_earlier_one_of_ours_is_replaced()
    {
        Write(".net-csharp", """{"argv": ["dotnet-interactive"], "display_name": ".NET (C#)", "language": "C#"}""");
        Write("sae-csharp", """{"argv": ["old"], "metadata": {"implementation": "sae-csharp"}}""");
        Assert.Contains(KernelSpec.Install(folder), line => line.StartsWith("Left .net-csharp as it is", StringComparison.Ordinal));
        Assert.Equal("dotnet-interactive", Read(".net-csharp").GetProperty("argv")[0].GetString());
        Assert.Equal("dotnet", Read("sae-csharp").GetProperty("argv")[0].GetString());
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_named_in_one_line()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(KernelLog).Assembly.Location, "install", "--kernels-dir", Path.Combine(file, "kernels")])
            { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains($"Nothing can be written to {file}/kernels: ", Assert.Single(said.Trim().Split('\n')));
    }

    private JsonElement Read(string name) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(folder, name, "kernel.json")));

    private void Write(string name, string spec)
    {
        Directory.CreateDirectory(Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, name, "kernel.json"), spec);
    }
}
