using SaeNotebooks.Cli.Notebooks;
using SaeNotebooks.Cli.Rehearsing;

namespace SaeNotebooks.Cli.Tests.Rehearsing;

public sealed class SolutionsTests
{
    private static readonly Repository Here = Repository.Find();

    [Fact]
    public void A_solution_replaces_what_it_declares_and_comes_before_the_check() => Assert.Equal("""
        int? other = 1;
        string Check() => answer is null ? "not tried" : $"{answer + other}";
        var half = 21;
        int? answer = 2 * half;
        Check()
        """.ReplaceLineEndings("\n"), Solutions.Solved("int? answer = null;\nint? other = 1;\nstring Check() => answer is null ? \"not tried\" : $\"{answer + other}\";\nCheck()",
        "var half = 21;\nint? answer = 2 * half;\n"));

    [Fact]
    public void A_solution_that_sets_what_the_exercise_declares_leaves_the_declaration() =>
        Assert.Equal("int? answer = null;\nanswer = 42;\nanswer is null ? \"not tried\" : \"right\"", Solutions.Solved("int? answer = null;\n\nanswer is null ? \"not tried\" : \"right\"", "answer = 42;"));

    [Theory]
    [InlineData("Right.", true)]
    [InlineData("Right: measured 0.75.", true)]
    [InlineData("Exercise 2: right, 14 of 20.", true)]
    [InlineData("Exercise 1: the right latent, but another cosine.", false)]
    [InlineData("Exercise 1: right for the strongest; not for the others.", false)]
    [InlineData("Exercise 3: not tried yet.", false)]
    [InlineData(null, false)]
    public void A_check_says_right_in_one_of_two_forms(string? answer, bool isRight) => Assert.Equal(isRight, Solutions.IsRight(answer));

    [Fact]
    public void A_wrong_solution_is_named_with_what_its_check_says()
    {
        var notebook = NotebookFile.Parse(Path.Combine(Here.Notebooks, "sample.ipynb"), """
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
              {"cell_type": "code", "id": "exercise-1", "metadata": {}, "outputs": [], "source": "int? n = null;\nn == 4 ? \"Exercise 1: right.\" : $\"Exercise 1: {n} is not 4.\""},
              {"cell_type": "markdown", "id": "solution-1", "metadata": {}, "source": "```csharp\nint? n = 4;\n```"},
              {"cell_type": "code", "id": "exercise-2", "metadata": {}, "outputs": [], "source": "int? m = null;\nm == 4 ? \"Exercise 2: right.\" : $\"Exercise 2: {m} is not 4.\""},
              {"cell_type": "markdown", "id": "solution-2", "metadata": {}, "source": "```csharp\nm = 5;\n```"}]}
            """);
        var trial = Trial.Solved(Here, notebook, TestContext.Current.CancellationToken);
        Assert.Empty(trial.Failed);
        Assert.Equal(["sample, cell 3, with its solution: Exercise 2: 5 is not 4."], trial.NotRight(notebook));
    }

    [Fact]
    public void Every_exercise_of_the_series_has_a_check_and_a_solution()
    {
        foreach (var notebook in Here.NotebookPaths(null).Select(NotebookFile.Read))
            foreach (var exercise in notebook.Cells.Where(c => c.Id?.StartsWith("exercise-", StringComparison.Ordinal) == true))
            {
                var solution = Assert.Single(notebook.Cells, c => c.Id == "solution-" + exercise.Id!["exercise-".Length..]);
                Assert.Equal(exercise.Number + 1, solution.Number);
                Assert.Contains("<details><summary>Solution</summary>", solution.Source);
                Assert.Contains("not tried yet", exercise.Source, StringComparison.OrdinalIgnoreCase);
            }
    }
}
