using System.Diagnostics;

namespace SaeNotebooks.Kernel;

/// <summary>The client that started this kernel.</summary>
internal static class ParentProcess
{
    /// <summary>Ends the kernel when the client that named itself in JPY_PARENT_PID is gone, so that no kernel is left without one.</summary>
    public static void ExitWithIt()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("JPY_PARENT_PID"), out var id)) return;
        try
        {
            var parent = Process.GetProcessById(id);
            parent.EnableRaisingEvents = true;
            parent.Exited += (_, _) => Environment.Exit(1);
        }
        catch (ArgumentException)
        {
            throw new KernelStartException($"The client that started this kernel (process {id}) is gone.");
        }
    }
}
