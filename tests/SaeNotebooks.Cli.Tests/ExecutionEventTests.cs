using SaeNotebooks.Cli.Running;
using Spectre.Console;

namespace SaeNotebooks.Cli.Tests;

public class ExecutionEventTests
{
    [Fact]
    public void ReadsEveryKindOfReport()
    {
        Assert.Equal(new ExecutionEvent.KernelReady(0.5), ExecutionEvent.Parse("""{"event": "kernel", "seconds": 0.5}"""));
        Assert.Equal(new ExecutionEvent.CellStarted(3), ExecutionEvent.Parse("""{"event": "cell", "number": 3}"""));
        Assert.Equal(new ExecutionEvent.CellDone(3, 1.25), ExecutionEvent.Parse("""{"event": "done", "number": 3, "seconds": 1.25}"""));
        Assert.Equal(new ExecutionEvent.CellFailed(3, "E", "m", "t"),
            ExecutionEvent.Parse("""{"event": "failed", "number": 3, "name": "E", "message": "m", "trace": "t"}"""));
        Assert.Equal(new ExecutionEvent.CellsEnded(), ExecutionEvent.Parse("""{"event": "ended"}"""));
        Assert.Equal(new ExecutionEvent.KernelFailed("none"), ExecutionEvent.Parse("""{"event": "nokernel", "message": "none"}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a library's warning")]
    [InlineData("{not json")]
    [InlineData("""{"event": "done", "number": 3}""")]
    [InlineData("""{"event": "later version's"}""")]
    [InlineData("""{"number": "3"}""")]
    public void OtherLinesAreNotReports(string line) => Assert.Null(ExecutionEvent.Parse(line));

    [Fact]
    public void ProgressNamesCellSecondsAndFirstLine()
    {
        var text = Print(new ExecutionEvent.CellDone(4, 1.239));
        Assert.Contains("4/8", text);
        Assert.Contains("1.24 s", text);
        Assert.Contains("var run = bench.Model.Run(", text);
        Assert.Single(text.Trim().Split('\n'));
    }

    [Fact]
    public void AFailureNamesFileCellAndError()
    {
        var text = Print(new ExecutionEvent.CellFailed(6, "ArgumentException", "layer 9 of 6", "\u001b[31mat Submission#3[/]\u001b[0m"));
        Assert.Contains("executed.ipynb, cell 6: ArgumentException: layer 9 of 6", text);
        Assert.Contains("at Submission#3[/]", text);
        Assert.DoesNotContain("\u001b", text);
    }

    private static string Print(ExecutionEvent step)
    {
        var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 200;
        new ExecutionProgress(console, Sample.Executed()).Report(step);
        return writer.ToString();
    }
}
