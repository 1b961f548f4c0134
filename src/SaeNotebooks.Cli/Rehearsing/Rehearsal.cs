using System.Diagnostics;
using SaeNotebooks.Cli.Notebooks;
using SaeNotebooks.Cli.Running;
using SaeNotebooks.Cli.Setup;

namespace SaeNotebooks.Cli.Rehearsing;

/// <summary>What became of a cell.</summary>
/// <param name="Cell">the cell</param>
/// <param name="Seconds">how long it took</param>
/// <param name="Answer">its value as plain text; null if it has none</param>
/// <param name="Error">the error that it ended with; else null</param>
internal sealed record RehearsedCell(Cell Cell, double Seconds, string? Answer, string? Error)
{
    /// <summary>The line with which it says that it does not apply; else null.</summary>
    public string? Skipped => Answer?.StartsWith("Does not apply: ", StringComparison.Ordinal) == true ? Answer : null;
}

/// <summary>A kernel in which a notebook's cells are run in any order, and as often as one likes, as a presenter does. Outputs are not kept. No Jupyter is needed.</summary>
/// <param name="repository">where the kernel and the workbench are built</param>
/// <param name="folder">the notebook's</param>
/// <param name="environment">variables of the kernel's process</param>
internal sealed class Rehearsal(Repository repository, string folder, IReadOnlyDictionary<string, string>? environment = null) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10); // for a cell
    private readonly KernelClient kernel = new(InstalledKernel.Built(repository.KernelDll), folder, environment);

    /// <summary>Runs every code cell once, in order, up to the first that fails.</summary>
    /// <param name="notebook">the notebook, with the parameters that it is to have</param>
    /// <param name="cancellation">ends it between two cells</param>
    public IReadOnlyList<RehearsedCell> Run(NotebookFile notebook, CancellationToken cancellation = default)
    {
        var cells = new List<RehearsedCell>();
        foreach (var cell in CodeOf(notebook))
        {
            cells.Add(Run(cell, cancellation));
            if (cells[^1].Error is not null) break;
        }
        return cells;
    }

    /// <summary>Runs every code cell but the first, the last one first. For after <see cref="Run(NotebookFile, CancellationToken)"/>.</summary>
    /// <param name="notebook">the notebook</param>
    /// <param name="cancellation">ends it between two cells</param>
    public IReadOnlyList<RehearsedCell> RunBackwards(NotebookFile notebook, CancellationToken cancellation = default) =>
        [.. CodeOf(notebook).Skip(1).Reverse().Select(cell => Run(cell, cancellation))];

    public void Dispose() => kernel.Dispose();

    private static IEnumerable<Cell> CodeOf(NotebookFile notebook) => notebook.Cells.Where(c => c.Kind == CellKind.Code && c.Source.Trim().Length > 0);

    private RehearsedCell Run(Cell cell, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var answer = kernel.Execute(cell.Source, Limit, cancellation);
            return new(cell, clock.Elapsed.TotalSeconds, answer.Result, answer.Error);
        }
        catch (CliException e) { return new(cell, clock.Elapsed.TotalSeconds, null, e.Message); } // it took the kernel with it
    }
}
