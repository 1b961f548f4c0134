using SaeNotebooks.Cli.Notebooks;
using Spectre.Console;

namespace SaeNotebooks.Cli.Running;

/// <summary>Prints a notebook's name and a line for each executed cell.</summary>
internal sealed class ExecutionProgress(IAnsiConsole console, NotebookFile notebook)
{
    private readonly int width = notebook.Cells.Count.ToString().Length;

    /// <summary>Prints what a step has to say.</summary>
    public void Report(ExecutionEvent step)
    {
        switch (step)
        {
            case ExecutionEvent.KernelReady ready:
                console.MarkupLineInterpolated($"[bold]{notebook.Name}[/]");
                console.MarkupLineInterpolated($"[grey]  kernel ready in {ready.Seconds:0.0} s[/]");
                break;
            case ExecutionEvent.CellDone done:
                console.MarkupLineInterpolated($"  cell {Position(done.Number)} {done.Seconds,7:0.00} s  {Line(done.Number)}");
                break;
            case ExecutionEvent.CellFailed failed:
                Report(failed);
                break;
            case ExecutionEvent.KernelFailed failed:
                console.MarkupLineInterpolated($"[red]  {Path.GetFileName(notebook.Path)}: no kernel: {failed.Message}[/]");
                break;
        }
    }

    private void Report(ExecutionEvent.CellFailed failed)
    {
        var head = $"{failed.Name}: {failed.Message}";
        console.MarkupLineInterpolated($"[red]  {Path.GetFileName(notebook.Path)}, cell {failed.Number}: {head}[/]");
        console.MarkupLineInterpolated($"[grey]  in the cell: {Line(failed.Number)}[/]");
        foreach (var line in TerminalText.Plain(failed.Trace).Split('\n').Where(l => l.Trim().Length > 0 && l.Trim() != head))
            console.MarkupLineInterpolated($"[grey]    {line}[/]");
    }

    private string Position(int number) => $"{number.ToString().PadLeft(width)}/{notebook.Cells.Count}";

    private string Line(int number)
    {
        const int Longest = 90;
        var line = notebook.Cells[number - 1].FirstLine;
        return line.Length <= Longest ? line : line[..(Longest - 1)] + "…";
    }
}
