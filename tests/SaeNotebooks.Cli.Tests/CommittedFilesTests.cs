using SaeNotebooks.Cli.Notebooks;

namespace SaeNotebooks.Cli.Tests;

/// <summary>What this checkout itself holds.</summary>
public class CommittedFilesTests
{
    private static readonly Repository Checkout = Repository.Find();

    private static string[] Notebooks => Directory.Exists(Checkout.Notebooks) ? Directory.GetFiles(Checkout.Notebooks, "*.ipynb") : [];

    [Fact]
    public void EveryCommittedNotebookRunsInEveryHost() =>
        Assert.Equal("", string.Join("\n", Notebooks.SelectMany(NotebookLinter.Lint)));

    [Fact]
    public void TheReadmeNamesBothCommandsAndEveryNotebook()
    {
        var readme = File.ReadAllText(Path.Combine(Checkout.Root, "README.md"));
        Assert.Contains("dotnet run --project src/SaeNotebooks.Cli -- run", readme);
        Assert.Contains("dotnet test", readme);
        Assert.All(Notebooks, n => Assert.Contains(Path.GetFileName(n), readme));
    }

    [Fact]
    public void TheCondaEnvironmentHasWhatTheInstructionsPromise()
    {
        var environment = File.ReadAllText(Path.Combine(Checkout.Root, "environment.yml"));
        foreach (var package in new[] { "name: sae-notebooks", "jupyterlab", "nbclient", "nbconvert", "nodejs", "libstdcxx-ng" })
            Assert.Contains(package, environment);
    }
}
