using SaeNotebooks.Cli;

namespace SaeNotebooks.Browser.Tests.Jupyter;

/// <summary>nbconvert, with which people export notebooks, executes them with this kernel.</summary>
[Collection<InJupyter>] // not beside the kernels of other tests
public sealed class NbConvertTests(JupyterFixture jupyter)
{
    [Fact]
    public async Task ANotebookIsExecutedAndExported()
    {
        var folder = Directory.CreateDirectory(Path.Combine(jupyter.Machine.Folder, "nbconvert")).FullName;
        var notebook = Path.Combine(folder, "sum.ipynb");
        await File.WriteAllTextAsync(notebook, """
            {"cells": [{"cell_type": "code", "execution_count": null, "id": "a", "metadata": {}, "outputs": [], "source": ["$\"nineteen times three is {19 * 3}\""]}],
             "metadata": {"kernelspec": {"display_name": "C# (SaeNotebooks)", "language": "C#", "name": "sae-csharp"}}, "nbformat": 4, "nbformat_minor": 5}
            """, TestContext.Current.CancellationToken);
        var ended = await ChildProcess.Run(jupyter.Machine.Python, ["-m", "nbconvert", "--to", "markdown", "--execute", notebook], environment: jupyter.Machine.Environment,
            cancellation: TestContext.Current.CancellationToken);
        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Contains("nineteen times three is 57", await File.ReadAllTextAsync(Path.Combine(folder, "sum.md"), TestContext.Current.CancellationToken));
    }
}
