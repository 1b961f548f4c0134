namespace SaeNotebooks.Kernel.Tests.Wire;

[Collection(nameof(SharedKernel))]
public sealed class ErrorTests(SharedKernel kernel)
{
    private KernelClient Client => kernel.Client;

    [Fact]
    public void A_compile_error_names_line_and_column_and_shows_the_source()
    {
        var cell = Client.Run("var fine = 1;\nvar bad = fine + missing;");
        Assert.Equal(("error", "CompilationError"), (cell.Status, cell.ErrorName));
        Assert.Equal(
            $"cell {cell.Count} 2:18  CS0103: The name 'missing' does not exist in the current context\n" +
            "    var bad = fine + missing;\n" +
            "                     ^^^^^^^", cell.Trace);
        Assert.Equal(cell.Trace, string.Join('\n', cell.Of("error").Single().Content.GetProperty("traceback").EnumerateArray()));
    }

    [Fact]
    public void A_trace_holds_the_cells_lines_and_nothing_of_the_kernel()
    {
        var cell = Client.Run("int Halve(int n) =>\n    n / (n - n);\n\nHalve(3)");
        Assert.Equal(
            "DivideByZeroException: Attempted to divide by zero.\n" +
            $"   at Halve(Int32 n) in cell {cell.Count}, line 2\n" +
            $"   at cell {cell.Count}, line 4", cell.Trace);
    }

    [Fact]
    public void A_cell_that_says_it_does_not_apply_is_no_error_and_the_next_one_runs()
    {
        Client.Run("class CellSkippedException(string why) : Exception(why);");
        var (skipping, next) = (Client.SendCell("var half = 1; Task.Run(() => { throw new CellSkippedException(\"no SAE here\"); }).Wait(); half = 2;"), Client.SendCell("half"));
        var (skipped, after) = (Client.Finish(skipping), Client.Finish(next));
        Assert.Equal(("ok", "ok"), (skipped.Status, after.Status));
        Assert.Equal("no SAE here", skipped.Result);
        Assert.Equal("1", after.Result);
    }

    [Fact]
    public void Causes_are_told_and_wrappers_removed()
    {
        var cell = Client.Run("Task.Run(() => { throw new FormatException(\"outer\", new ArgumentException(\"inner\")); }).Wait();");
        Assert.Equal("FormatException", cell.ErrorName);
        Assert.StartsWith($"FormatException: outer\n   at lambda() in cell {cell.Count}, line 1\n", cell.Trace);
        Assert.EndsWith("caused by ArgumentException: inner", cell.Trace);
    }

    [Fact]
    public void What_was_declared_before_the_error_stays()
    {
        Client.Run("var kept = 41;");
        Client.Run("kept = 42; var alsoKept = 1; throw new Exception(\"x\");");
        Assert.Equal("43", Client.Run("kept + alsoKept").Result);
    }

    [Fact]
    public void A_formatter_that_throws_is_the_cells_error()
    {
        var cell = Client.Run(
            "using Microsoft.DotNet.Interactive.Formatting;\nclass Sick { }\nFormatter.Register<Sick>(s => throw new Exception(\"no\"), \"text/plain\");\n" +
            "Formatter.SetPreferredMimeTypesFor(typeof(Sick), \"text/plain\");\nnew Sick()");
        Assert.True(cell.Status == "error" || cell.Result!.Contains("no"));
        Assert.Equal("1", Client.Run("1").Result);
    }

    [Theory]
    [InlineData("using var memory = new System.IO.MemoryStream();", "put it into a block")]
    [InlineData("namespace Shapes { class Circle { } }", "#!import")]
    public void What_scripts_cannot_have_comes_with_a_hint(string code, string hint) => Assert.Contains(hint, Client.Run(code).Trace.Split('\n')[^1]);

    [Fact]
    public void An_unknown_magic_is_named() => Assert.Contains("#!bash", Client.Run("#!bash\nls").Trace);

    [Fact]
    public void A_missing_reference_is_named() => Assert.Contains("no/such.dll", Client.Run("#r \"no/such.dll\"\n1").Trace);

    [Fact]
    public void Cells_behind_a_failed_one_are_aborted_and_other_requests_answered()
    {
        Client.Run("var runs = 0;");
        var failing = Client.SendCell("runs++; await Task.Delay(100); throw new Exception(\"stop\");");
        var behind = Client.SendCell("runs++;");
        var info = Client.Send("kernel_info_request");
        Assert.Equal("error", Client.Finish(failing).Status);
        Assert.Equal("aborted", Client.Finish(behind).Status);
        Assert.Equal("ok", Client.Reply(info, "shell").Content.GetProperty("status").GetString());
        Assert.Equal("1", Client.Run("runs").Result);
    }

    [Fact]
    public void Without_stop_on_error_the_next_cell_runs()
    {
        var failing = Client.SendCell("await Task.Delay(50); throw new Exception(\"go on\");", stopOnError: false);
        var behind = Client.SendCell("5");
        Client.Finish(failing);
        Assert.Equal("5", Client.Finish(behind).Result);
    }
}
