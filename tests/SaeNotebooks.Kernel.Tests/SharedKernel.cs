namespace SaeNotebooks.Kernel.Tests;

/// <summary>One kernel for the tests that do not end it. They run one after the other.</summary>
public sealed class SharedKernel : IDisposable
{
    public SharedKernel()
    {
        Process = new KernelProcess();
        Client = new KernelClient(Process);
    }

    internal KernelProcess Process { get; }

    internal KernelClient Client { get; }

    public void Dispose()
    {
        Client.Dispose();
        Process.Dispose();
    }
}

[CollectionDefinition(nameof(SharedKernel))]
public sealed class SharedKernelCollection : ICollectionFixture<SharedKernel>;
