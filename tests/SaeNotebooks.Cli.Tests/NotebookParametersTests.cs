using System.Text.Json.Nodes;
using SaeNotebooks.Cli.Notebooks;

namespace SaeNotebooks.Cli.Tests;

public class NotebookParametersTests
{
    private static NotebookFile Tagged() => NotebookFile.Parse("study.ipynb", """
        { "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
          { "cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Study" },
          { "cell_type": "code", "id": "b", "metadata": { "tags": ["parameters"] }, "outputs": [], "execution_count": null,
            "source": "var latent = 476;\nvar (_, scale) = (0, 1.5);\nstring prompt = \"a\";" },
          { "cell_type": "code", "id": "c", "metadata": {}, "outputs": [], "execution_count": null, "source": "latent" } ] }
        """);

    [Fact]
    public void Values_go_into_a_cell_behind_the_parameters()
    {
        var notebook = NotebookParameters.Apply(Tagged(), ["latent=-3", "prompt = it's \"x\" = 5"]);
        Assert.Equal(4, notebook.Cells.Count);
        Assert.Equal("latent = -3;\nprompt = \"it's \\\"x\\\" = 5\";", notebook.Cells[2].Source);
        Assert.Equal(["injected-parameters"], notebook.Cells[2].Tags);
        Assert.Equal("latent", notebook.Cells[3].Source);
        Assert.Equal(3, Tagged().Cells.Count);
    }

    [Theory]
    [InlineData("0.5f", "0.5f")]
    [InlineData("true", "true")]
    [InlineData("null", "null")]
    [InlineData("\"quoted\"", "\"quoted\"")]
    [InlineData("latent + 1", "\"latent + 1\"")]
    [InlineData("gemma-2-2b", "\"gemma-2-2b\"")]
    [InlineData("", "\"\"")]
    public void Literals_are_taken_as_they_are_and_all_else_as_text(string value, string code) =>
        Assert.Equal($"prompt = {code};", NotebookParameters.Apply(Tagged(), [$"prompt={value}"]).Cells[2].Source);

    [Fact]
    public void What_cannot_be_set_is_said()
    {
        Assert.Contains("latent, prompt", Assert.Throws<CliException>(() => NotebookParameters.Apply(Tagged(), ["laten=1"])).Message);
        Assert.Contains("name=value", Assert.Throws<CliException>(() => NotebookParameters.Apply(Tagged(), ["latent"])).Message);
        Assert.Contains("no cell tagged", Assert.Throws<CliException>(() => NotebookParameters.Apply(Sample.Executed(), ["latent=1"])).Message);
    }

    [Fact]
    public void What_a_presenter_is_told_to_change_and_the_quick_setting_are_in_the_metadata()
    {
        var notebook = Tagged();
        notebook.Json["cells"]![1]!["metadata"]!["break_it"] = new JsonArray(new JsonObject { ["latent"] = "7" }, new JsonObject { ["latent"] = "8", ["prompt"] = "b" });
        notebook.Json["cells"]![1]!["metadata"]!["quick"] = new JsonObject { ["cases"] = "4" };
        notebook = NotebookFile.Parse(notebook.Path, notebook.Json.ToJsonString());
        Assert.Equal([["latent=7"], ["latent=8", "prompt=b"]], NotebookParameters.BreakIt(notebook));
        Assert.Equal(["cases=4"], NotebookParameters.Quick(notebook));
        Assert.Equal(["cases"], NotebookParameters.Unknown(notebook));
        Assert.True(NotebookParameters.Has(notebook, "latent"));
        Assert.False(NotebookParameters.Has(notebook, "modelName"));
    }

    [Fact]
    public void Without_values_nothing_changes()
    {
        var notebook = Tagged();
        Assert.Same(notebook, NotebookParameters.Apply(notebook, []));
    }
}
