using System.CommandLine;
using SaeNotebooks.Cli.Export;
using SaeNotebooks.Cli.Notebooks;
using SaeNotebooks.Cli.Rehearsing;
using SaeNotebooks.Cli.Running;
using SaeNotebooks.Cli.Setup;
using SaeNotebooks.Display;
using SaeNotebooks.Harvest;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>verify-notebooks</c>: every notebook in every way in which a reader or a presenter may run it.</summary>
internal static class VerifyNotebooksVerb
{
    private const string Jupyter = "jupyter", Break = "break-it", Again = "again", Solved = "solutions", Hub = "hub";
    private static readonly string[] Parts = [Jupyter, Break, Again, Solved, Hub];

    /// <summary>What a row of the table says of one part, and what is wrong.</summary>
    private sealed record Finding(string Text, IReadOnlyList<string> Complaints)
    {
        /// <summary>Why cells do not apply.</summary>
        public IReadOnlyList<string> Remarks { get; init; } = [];
    }

    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var notebooks = new Argument<string[]>("notebook") { Description = "notebooks to verify; all of notebooks/ if none", Arity = ArgumentArity.ZeroOrMore };
        var only = new Option<string[]>("--only") { Description = $"parts of it: {string.Join(", ", Parts)}", DefaultValueFactory = _ => Parts, AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong(Parts);
        var command = new Command("verify-notebooks", "Run notebooks in Jupyter, with every value that a presenter is told to try, backwards, with its exercises solved, and on small models of other families.")
            { notebooks, only };
        command.SetAction((parsed, cancellation) => Run(
            [.. Repository.Find().NotebookPaths(parsed.GetValue(notebooks)).Select(NotebookFile.Read)], [.. Parts.Intersect(parsed.GetValue(only)!)], cancellation));
        return command;
    }

    private static async Task<int> Run(IReadOnlyList<NotebookFile> notebooks, IReadOnlyList<string> parts, CancellationToken cancellation)
    {
        var (repository, console) = (Repository.Find(), AnsiConsole.Console);
        if (parts.Count(p => p != Hub) > 0) WorkbenchIndex.EnsureEmbedded(cancellation);
        var jupyter = parts.Contains(Jupyter) ? await PrepareJupyter(repository, console, cancellation) : null;
        using var hub = parts.Contains(Hub) ? new TinyHub(TinyModel.All) : null;
        var table = new Table().AddColumns(["notebook", .. parts.SelectMany(p => p == Hub ? TinyModel.All.Select(m => m.Known.Name) : [p])]);
        var complaints = 0;
        foreach (var notebook in notebooks)
        {
            console.MarkupLineInterpolated($"[bold]{notebook.Name}[/]");
            var findings = new List<Finding>();
            if (jupyter is not null) findings.Add(await jupyter(notebook));
            if (parts.Contains(Break)) findings.Add(Broken(repository, notebook, cancellation));
            if (parts.Contains(Again)) findings.Add(RunAgain(repository, notebook, cancellation));
            if (parts.Contains(Solved)) findings.Add(WithSolutions(repository, notebook, cancellation));
            if (hub is not null) findings.AddRange(OnModels(repository, notebook, hub, cancellation));
            foreach (var complaint in findings.SelectMany(f => f.Complaints)) console.MarkupLineInterpolated($"[red]  {complaint}[/]");
            foreach (var remark in findings.SelectMany(f => f.Remarks)) console.MarkupLineInterpolated($"[grey]  {remark}[/]");
            complaints += findings.Sum(f => f.Complaints.Count);
            table.AddRow([notebook.Name, .. findings.Select(f => Markup.Escape(f.Text))]);
        }
        console.Write(table);
        console.MarkupLine(complaints == 0 ? "[green]nothing to complain of[/]" : $"[red]{complaints} complaints[/]");
        return complaints == 0 ? 0 : 1;
    }

    /// <summary>With Jupyter's own client, and the page and the slides that come of it.</summary>
    private static async Task<Func<NotebookFile, Task<Finding>>> PrepareJupyter(Repository repository, IAnsiConsole console, CancellationToken cancellation)
    {
        var python = await JupyterSetup.ForNotebooks(repository, console, cancellation);
        var execution = new NotebookExecution(python, await KernelRegistration.Register(repository, cancellation), TimeSpan.FromMinutes(10));
        var exporter = new Exporter(repository, new WebAssets(repository.WebPackages, PlotlyScript.Read));
        return async notebook =>
        {
            var (seconds, failures) = (0.0, new List<string>());
            var executed = await exporter.ExecuteAndExport(notebook, execution, step =>
            {
                if (step is ExecutionEvent.CellDone done) seconds += done.Seconds;
                if (step is ExecutionEvent.CellFailed failed) failures.Add($"{notebook.Name} in Jupyter, cell {failed.Number}: {failed.Name}: {failed.Message}");
                if (step is ExecutionEvent.KernelFailed none) failures.Add($"{notebook.Name} in Jupyter: {none.Message}");
            }, cancellation);
            return new(executed is null ? "failed" : $"{seconds:0} s", failures);
        };
    }

    private static Finding Broken(Repository repository, NotebookFile notebook, CancellationToken cancellation)
    {
        var trials = Trial.Of(repository, notebook, NotebookParameters.BreakIt(notebook), cancellation);
        return new($"{trials.Count(t => t.Failed.Count == 0)} of {trials.Count} values", [.. trials.SelectMany(t => t.Complaints(notebook.Name))]);
    }

    private static Finding RunAgain(Repository repository, NotebookFile notebook, CancellationToken cancellation)
    {
        var (once, again) = Trial.Backwards(repository, notebook, cancellation);
        var slowest = again.Cells.MaxBy(c => c.Seconds);
        return new(slowest is null ? "failed" : $"{again.Cells.Count - again.Failed.Count} of {again.Cells.Count} cells, at most {slowest.Seconds:0.0} s (cell {slowest.Cell.Number})",
            [.. once.Complaints(notebook.Name), .. again.Complaints($"{notebook.Name}, run again from the last cell to the first")]);
    }

    private static Finding WithSolutions(Repository repository, NotebookFile notebook, CancellationToken cancellation)
    {
        var count = Solutions.Of(notebook).Count;
        if (count == 0) return new("–", []);
        var trial = Trial.Solved(repository, notebook, cancellation);
        string[] notRight = [.. trial.NotRight(notebook)];
        return new($"{count - notRight.Length} of {count} solutions", [.. trial.Complaints(notebook.Name), .. notRight]);
    }

    private static IEnumerable<Finding> OnModels(Repository repository, NotebookFile notebook, TinyHub hub, CancellationToken cancellation)
    {
        var trials = Trial.OnModels(repository, notebook, TinyModel.All.Select(m => m.Known.Name), hub, cancellation);
        return trials.Count == 0 ? TinyModel.All.Select(_ => new Finding("–", []))
            : trials.Select(t => new Finding($"{t.Cells.Count - t.Failed.Count - t.Skipped.Count} run, {t.Skipped.Count} do not apply", [.. t.Complaints(notebook.Name)])
                { Remarks = t.Remarks(notebook.Name) });
    }
}
