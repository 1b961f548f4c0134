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
        case [var connectionFile] when !connectionFile.StartsWith('-'): return Serve(connectionFile);
        default:
            KernelLog.Line("Usage: SaeNotebooks.Kernel <connection file>  |  SaeNotebooks.Kernel install [--kernels-dir DIR]");
            return 2;
    }
}
catch (KernelStartException error)
{
    KernelLog.Line(error.Message);
    return 1;
}

static int Serve(string connectionFile)
{
    ParentProcess.ExitWithIt();
    using var host = new KernelHost(ConnectionFile.Read(connectionFile));
    host.Run();
    return 0;
}

static int Install(string folder)
{
    foreach (var line in KernelSpec.Install(folder)) Console.WriteLine(line);
    return 0;
}
