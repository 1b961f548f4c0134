namespace Microsoft.DotNet.Interactive;

/// <summary>
/// The running cell, as cells and libraries see it. Name and shape are those of .NET Interactive, so that a library needs one way only
/// to show live progress, and finds it by reflection in both hosts: <see cref="Current"/>,
/// <see cref="KernelInvocationContextExtensions.Display"/>, <see cref="DisplayedValue.Update"/>, <see cref="CancellationToken"/>.
/// </summary>
/// <remarks>Thread-safe. Stays usable after its cell has ended; outputs still go to that cell.</remarks>
public sealed class KernelInvocationContext
{
    private static readonly AsyncLocal<KernelInvocationContext?> Flowing = new();
    private static volatile KernelInvocationContext? running;

    internal KernelInvocationContext(ICellHost host) => Host = host;

    /// <summary>
    /// The cell that the calling code belongs to, also on threads and tasks that the cell started; on a thread that inherits nothing,
    /// the cell that runs now; otherwise null.
    /// </summary>
    public static KernelInvocationContext? Current => Flowing.Value ?? running;

    /// <summary>Cancelled when the cell is interrupted. Long loops poll it.</summary>
    public CancellationToken CancellationToken => Host.CancellationToken;

    internal ICellHost Host { get; }

    /// <summary>Makes this the current cell on the calling thread and on what it starts.</summary>
    internal void Enter() => Flowing.Value = running = this;

    /// <summary>Says that the cell has ended, if it is still the running one.</summary>
    internal void Leave() => Interlocked.CompareExchange(ref running, null, this);
}
