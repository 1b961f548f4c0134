using SaeNotebooks.Cli.Notebooks;
using SaeNotebooks.Cli.Running;

namespace SaeNotebooks.Cli.Export;

/// <summary>Writes an executed notebook in all its forms to <c>out/</c>.</summary>
internal sealed class Exporter(Repository repository, WebAssets assets)
{
    /// <summary>Executes a notebook and writes it, its page and its slides.</summary>
    /// <returns>the executed notebook, or null if a cell failed; what was executed until then is written as a notebook alone</returns>
    public async Task<NotebookFile?> ExecuteAndExport(NotebookFile notebook, NotebookExecution execution, Action<ExecutionEvent> report,
        CancellationToken cancellation)
    {
        Directory.CreateDirectory(repository.Output);
        var raw = Path.Combine(repository.Output, $".{notebook.Name}.{Environment.ProcessId}.ipynb");
        try
        {
            var succeeded = await execution.Execute(notebook, raw, report, cancellation);
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

    /// <summary>Writes the page that links to the others.</summary>
    public void WriteIndex(IReadOnlyList<NotebookFile> notebooks) =>
        AtomicFile.Write(Path.Combine(repository.Output, "index.html"), IndexPage.ToHtml(notebooks));

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
