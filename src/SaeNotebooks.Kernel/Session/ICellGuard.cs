namespace SaeNotebooks.Kernel.Session;

/// <summary>How a running cell can be ended from outside.</summary>
internal interface ICellGuard
{
    /// <summary>Cancelled when the cell is asked to end.</summary>
    CancellationToken Token { get; }

    /// <summary>Runs the person's own code, which may be ended by force.</summary>
    void Guard(Action userCode);
}
