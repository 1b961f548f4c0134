using SaeNotebooks.Cli.Notebooks;
using SaeNotebooks.Cli.Rehearsing;

namespace SaeNotebooks.Cli.Tests.Rehearsing;

/// <summary>A hub that all notebooks are tried on.</summary>
public sealed class SharedTinyHub : IDisposable
{
    internal TinyHub Hub { get; } = new(TinyModel.All);

    public void Dispose() => Hub.Dispose();
}

/// <summary>Every notebook in the bundled kernel: on the embedded model, and on small models of other families that are opened by name from a hub.</summary>
public sealed class NotebookTrialTests(SharedTinyHub shared) : IClassFixture<SharedTinyHub>
{
    private static readonly Repository Here = Repository.Find();

    public static TheoryData<string> Notebooks => [.. Here.NotebookPaths(null).Select(path => Path.GetFileName(path))];

    /// <summary>Each with one of the models, in turn.</summary>
    public static TheoryData<string, string> NotebooksOnModels =>
        [.. Here.NotebookPaths(null).Select(NotebookFile.Read).Where(Trial.IsOnModels)
            .Select((n, i) => (Path.GetFileName(n.Path), TinyModel.All[i % TinyModel.All.Count].Known.Name))];

    /// <summary>One run each, so that the suite stays short: notebook by notebook another of its settings, and every few notebooks one as it is written,
    /// with its exercises solved. The command
    /// verify-notebooks runs them all.</summary>
    [Theory, MemberData(nameof(Notebooks))]
    public void A_notebook_runs_to_its_end_with_what_a_presenter_is_told_to_change(string name)
    {
        var notebook = Read(name);
        IReadOnlyList<IReadOnlyList<string>> settings = [.. NotebookParameters.BreakIt(notebook), []];
        var number = Here.NotebookPaths(null).Index().First(n => Path.GetFileName(n.Item) == name).Index;
        var setting = settings[number % settings.Count];
        var trial = Assert.Single(Trial.Of(Here, setting.Count == 0 ? Solutions.Apply(notebook) : notebook, [setting], TestContext.Current.CancellationToken));
        Assert.Empty(trial.Complaints(name));
        if (setting.Count == 0) Assert.Empty(trial.NotRight(notebook));
        Assert.Empty(trial.Skipped); // the embedded model can do all of it
    }

    [Theory, MemberData(nameof(NotebooksOnModels))]
    public void A_notebook_runs_on_a_model_of_another_family_and_says_what_does_not_apply(string name, string model)
    {
        var trial = Assert.Single(Trial.OnModels(Here, Read(name), [model], shared.Hub, TestContext.Current.CancellationToken));
        Assert.Empty(trial.Complaints(name));
        Assert.Contains(TinyModel.All.First(m => m.Known.Name == model).Known.Repository!, shared.Hub.Asked);
        Assert.All(trial.Skipped, cell => Assert.Single(cell.Skipped!.Split('\n')));
        Assert.InRange(trial.Skipped.Count, 0, trial.Cells.Count - 4); // at least it is opened and looked at, and claims are checked
    }

    [Fact]
    public void A_cell_that_fails_is_named_with_its_settings()
    {
        var notebook = NotebookFile.Parse(Path.Combine(Here.Notebooks, "sample.ipynb"), """
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
              {"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"], "break_it": [{"n": "0"}], "quick": {"n": "2"}}, "outputs": [], "source": "var n = 1;"},
              {"cell_type": "code", "id": "b", "metadata": {}, "outputs": [], "source": "6 / n"},
              {"cell_type": "code", "id": "c", "metadata": {}, "outputs": [], "source": "class CellSkippedException(string why) : Exception(why);\nthrow new CellSkippedException(\"Does not apply: no reason.\");"}]}
            """);
        var broken = Assert.Single(Trial.Of(Here, notebook, NotebookParameters.BreakIt(notebook), TestContext.Current.CancellationToken));
        Assert.Equal(["sample with n=0, cell 3 '6 / n': DivideByZeroException: Attempted to divide by zero."], broken.Complaints("sample"));
        var (once, again) = Trial.Backwards(Here, notebook, TestContext.Current.CancellationToken);
        Assert.Equal((3, 2), (once.Cells.Count, again.Cells.Count));
        Assert.Single(once.Skipped);
        Assert.Empty(again.Failed);
        Assert.Equal(["n=2"], NotebookParameters.Quick(notebook));
        Assert.Empty(Trial.OnModels(Here, notebook, ["gpt2"], shared.Hub, TestContext.Current.CancellationToken)); // it has no modelName
    }

    private static NotebookFile Read(string name) => NotebookFile.Read(Path.Combine(Here.Notebooks, name));
}
