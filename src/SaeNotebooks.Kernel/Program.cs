using SaeNotebooks.Kernel;
using SaeNotebooks.Kernel.Hosting;
using SaeNotebooks.Kernel.Installation;
using SaeNotebooks.Kernel.Protocol;

try
{
    switch (args)
    {
        case ["install"]: return Install(KernelSpec.DefaultFolder);
        case ["install", "--kernels-dir", var folder]: return Install(folder);
        case [var connectionFile] when !connectionFile.StartsWith('-'): return Serve(connectionFile, allowRemote: false);
        case ["--allow-remote", var connectionFile]: return Serve(connectionFile, allowRemote: true);
        default:
            KernelLog.Line("Usage: [--allow-remote] <connection file>  |  install [--kernels-dir DIR]");
            return 2;
    }
}
catch (KernelStartException error)
{
    KernelLog.Line(error.Message);
    return 1;
}

static int Serve(string connectionFile, bool allowRemote)
{
    ParentProcess.ExitWithIt();
    using var host = new KernelHost(ConnectionFile.Read(connectionFile, allowRemote));
    host.Run();
    return Environment.ExitCode; // not 0 where a cell ends the process
}

static int Install(string folder)
{
    try
    {
        foreach (var line in KernelSpec.Install(folder)) Console.WriteLine(line);
        return 0;
    }
    catch (Exception error) when (error is IOException or UnauthorizedAccessException)
    {
        throw new KernelStartException($"Nothing can be written to {folder}: {error.Message}");
    }
}
