using SaeNotebooks.Cli.Notebooks;
using SaeNotebooks.Cli.Running;

namespace SaeNotebooks.Cli.Export;

/// <summary>Writes an executed notebook in all its forms to <c>out/</c>.</summary>
internal sealed class Exporter(Repository repository, WebAssets assets)
{
    private static readonly string[] Extensions = [".ipynb", ".html", ".slides.html"];

    /// <summary>Executes a notebook and writes it, its page and its slides.</summary>
    /// <param name="notebook">the notebook</param>
    /// <param name="execution">what executes it</param>
    /// <param name="report">called with each step</param>
    /// <param name="cancellation">ends the execution</param>
    /// <param name="turn">when its cells may run; it has ended before the page and the slides are written</param>
    /// <returns>the executed notebook, or null if a cell failed; what was executed until then is written as a notebook alone</returns>
    /// <exception cref="CliException">the notebook is an executed copy itself, or its page would load something from elsewhere</exception>
    public async Task<NotebookFile?> ExecuteAndExport(NotebookFile notebook, NotebookExecution execution, Action<ExecutionEvent> report,
        CancellationToken cancellation, Turn? turn = null)
    {
        if (Path.GetFullPath(notebook.Path) == Output(notebook, ".ipynb"))
            throw new CliException($"'{notebook.Path}' is itself an executed copy in '{repository.Output}': run the notebook it came from.");
        Directory.CreateDirectory(repository.Output);
        foreach (var extension in Extensions) File.Delete(Output(notebook, extension)); // what an earlier run left would look current
        var raw = Path.Combine(repository.Output, $".{notebook.Name}.{Environment.ProcessId}.ipynb");
        try
        {
            var succeeded = await execution.Execute(notebook, raw, report, cancellation, turn);
            if (!File.Exists(raw)) return null;
            var target = Output(notebook, ".ipynb");
            AtomicFile.Write(target, NotebookNormaliser.Normalise(NotebookFile.Read(raw), withoutPlotlyScript: false));
            if (!succeeded) return null;
            var executed = NotebookFile.Read(target);
            Export(executed with { Path = notebook.Path });
            return executed;
        }
        finally { File.Delete(raw); }
    }

    /// <summary>Writes the page and the slides of an executed notebook.</summary>
    /// <param name="notebook">the executed cells, under the path that its pictures are relative to</param>
    public void Export(NotebookFile notebook)
    {
        AtomicFile.Write(Output(notebook, ".html"), NotebookPage.ToHtml(notebook, assets));
        AtomicFile.Write(Output(notebook, ".slides.html"), SlideDeck.ToHtml(notebook, assets));
    }

    /// <summary>Puts the notebook itself beside its page, which links to it.</summary>
    public void Copy(NotebookFile notebook) => AtomicFile.Write(Output(notebook, ".ipynb"), File.ReadAllText(notebook.Path));

    /// <summary>Writes the page that links to every notebook exported by now, in this run or an earlier one.</summary>
    /// <returns>its path</returns>
    public string WriteIndex()
    {
        var exported = Directory.GetFiles(repository.Output, "*.ipynb").Order(StringComparer.Ordinal)
            .Where(path => File.Exists(Path.ChangeExtension(path, ".html"))).Select(NotebookFile.Read);
        var index = Path.Combine(repository.Output, "index.html");
        AtomicFile.Write(index, IndexPage.ToHtml(exported));
        return index;
    }

    /// <summary>Writes outputs back into the committed notebook, without plotly.js.</summary>
    /// <exception cref="CliException">the result would be too big to commit</exception>
    public void WriteBack(NotebookFile executed, string path)
    {
        var text = NotebookNormaliser.Normalise(executed, withoutPlotlyScript: true);
        var size = System.Text.Encoding.UTF8.GetByteCount(text);
        if (size > NotebookLinter.MaximumSize)
            throw new CliException($"{path} would be {size:N0} bytes with its outputs; at most {NotebookLinter.MaximumSize:N0} are committed. It was left as it is.");
        AtomicFile.Write(path, text);
    }

    private string Output(NotebookFile notebook, string extension) => Path.Combine(repository.Output, notebook.Name + extension);
}
