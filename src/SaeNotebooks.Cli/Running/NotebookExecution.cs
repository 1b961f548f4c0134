using SaeNotebooks.Cli.Export;
using SaeNotebooks.Cli.Notebooks;

namespace SaeNotebooks.Cli.Running;

/// <summary>Executes notebooks with nbclient, a real Jupyter client, in a Python process of its own.</summary>
/// <param name="Python">an interpreter that has nbclient</param>
/// <param name="Environment">variables under which Jupyter finds the kernel</param>
/// <param name="CellTimeout">how long one cell may take</param>
internal sealed record NotebookExecution(string Python, IReadOnlyDictionary<string, string> Environment, TimeSpan CellTimeout)
{
    /// <summary>The kernel's name in every notebook of this repository.</summary>
    public const string KernelName = ".net-csharp";

    /// <summary>Executes every code cell, in the notebook's own folder.</summary>
    /// <param name="notebook">the notebook to execute; the file is not changed</param>
    /// <param name="destination">where the executed notebook goes, as the client writes it</param>
    /// <param name="report">called with each step</param>
    /// <param name="cancellation">ends client and kernel</param>
    /// <param name="turn">the kernel starts at once, the cells run when it begins, and it ends with them</param>
    /// <exception cref="CliException">the executing script itself failed</exception>
    public async Task<bool> Execute(NotebookFile notebook, string destination, Action<ExecutionEvent> report, CancellationToken cancellation, Turn? turn = null)
    {
        var source = destination + ".source"; // the notebook with the parameters that it was given
        try
        {
            AtomicFile.Write(source, notebook.Json.ToJsonString());
            return await Execute(notebook, source, destination, report, turn ?? Turn.First(), cancellation);
        }
        finally { File.Delete(source); }
    }

    private async Task<bool> Execute(NotebookFile notebook, string source, string destination, Action<ExecutionEvent> report, Turn turn, CancellationToken cancellation)
    {
        var failed = false;
        string[] arguments = ["-c", WebAssets.Own("execute_notebook.py"), source, destination, Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!,
            KernelName, ((int)CellTimeout.TotalSeconds).ToString()];
        var result = await ChildProcess.Run(Python, arguments, line =>
        {
            if (ExecutionEvent.Parse(line) is not { } step) return;
            if (step is ExecutionEvent.CellsEnded) turn.End();
            failed |= step is ExecutionEvent.CellFailed or ExecutionEvent.KernelFailed;
            report(step);
        }, Environment, input: Go(turn), cancellation: cancellation);
        if (result.ExitCode != 0 && !failed) throw new CliException($"nbclient failed on {notebook.Name}: {result.LastLine}");
        turn.End();
        return result.ExitCode == 0;
    }

    private static async Task<string> Go(Turn turn)
    {
        await turn.Begins;
        return "go\n";
    }
}
