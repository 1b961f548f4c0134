using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>Where the figures were measured.</summary>
/// <param name="Processor">its name, as far as the system tells</param>
/// <param name="Cores">logical cores that this process may use</param>
/// <param name="TorchThreads">threads of one tensor operation</param>
/// <param name="System">operating system and architecture</param>
/// <param name="Runtime">of .NET</param>
/// <param name="TorchSharp">version of the package</param>
/// <param name="Workbench">version of this library</param>
public sealed record MachineFacts(
    string Processor, int Cores, int TorchThreads, string System, string Runtime, string TorchSharp, string Workbench)
{
    /// <summary>This machine.</summary>
    public static MachineFacts Here() => new(
        ProcessorName(), Environment.ProcessorCount, get_num_threads(), RuntimeInformation.OSDescription + ", " + RuntimeInformation.ProcessArchitecture,
        RuntimeInformation.FrameworkDescription, VersionOf(typeof(TorchSharp.torch)), VersionOf(typeof(Workbench)));

    private static string ProcessorName()
    {
        const string Facts = "/proc/cpuinfo";
        var line = File.Exists(Facts) ? File.ReadLines(Facts).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";
    }

    private static string VersionOf(Type type) => type.Assembly.GetName().Version?.ToString(3) ?? "unknown";
}
