namespace SaeNotebooks.Cli.Setup;

/// <summary>Makes Jupyter know this checkout's kernel.</summary>
internal static class KernelRegistration
{
    /// <summary>Registers the kernel in this checkout's own Jupyter folder and, for other Jupyter clients, in the person's.</summary>
    /// <inheritdoc cref="RegisterHere"/>
    public static async Task<IReadOnlyDictionary<string, string>> Register(Repository repository, CancellationToken cancellation)
    {
        var environment = await RegisterHere(repository, cancellation);
        await Install([repository.KernelDll, "install"], cancellation);
        return environment;
    }

    /// <summary>Registers the kernel in this checkout's own Jupyter folder alone.</summary>
    /// <returns>environment variables under which Jupyter finds this checkout's kernel before any other</returns>
    /// <exception cref="CliException">the kernel is not built or does not register</exception>
    public static async Task<IReadOnlyDictionary<string, string>> RegisterHere(Repository repository, CancellationToken cancellation)
    {
        if (!File.Exists(repository.KernelDll))
            throw new CliException($"The kernel is not built ('{repository.KernelDll}' is missing): run 'dotnet build src/SaeNotebooks.Kernel'.");
        await Install([repository.KernelDll, "install", "--kernels-dir", Path.Combine(repository.JupyterData, "kernels")], cancellation);

        var others = Environment.GetEnvironmentVariable("JUPYTER_PATH");
        var path = string.IsNullOrEmpty(others) ? repository.JupyterData : repository.JupyterData + Path.PathSeparator + others;
        return new Dictionary<string, string> { ["JUPYTER_PATH"] = path };
    }

    private static async Task Install(string[] arguments, CancellationToken cancellation)
    {
        var result = await ChildProcess.Run(Dotnet, arguments, cancellation: cancellation);
        if (result.ExitCode != 0) throw new CliException($"The kernel could not be registered: {result.LastLine}");
    }

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
}
