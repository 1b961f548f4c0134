using Microsoft.DotNet.Interactive;
using SaeNotebooks.Display;

namespace SaeNotebooks.Charts.Tests;

public class ProgressTests
{
    private sealed class Recorder : IProgressSink
    {
        public List<ProgressState> Shown { get; } = [];
        public ProgressState? Last { get; private set; }
        public void Show(ProgressState state) => Shown.Add(state);
        public void Finish(ProgressState state) => Last = state;
    }

    [Fact]
    public void In_a_notebook_one_output_is_updated_and_the_interrupt_arrives()
    {
        var cell = KernelInvocationContext.Current = new();
        using (var progress = Progress.Start("Encoding", total: 10, unit: "tokens"))
        {
            progress.Report(1);
            Assert.Empty(cell.Outputs); // nothing for short operations
            Thread.Sleep(1050);
            progress.Report(4, "L0 12");
            Thread.Sleep(250);
            progress.Report(10);
            cell.Interrupt.Cancel();
            Assert.True(progress.Cancellation.IsCancellationRequested);
        }
        KernelInvocationContext.Current = null;

        var shown = Assert.Single(cell.Outputs).Shown.Cast<IDisplayable>().Select(s => s.ToText()).ToArray();
        Assert.StartsWith("Encoding: 4 of 10 tokens (40 %)", shown[0], StringComparison.Ordinal);
        Assert.EndsWith("L0 12", shown[0], StringComparison.Ordinal);
        Assert.StartsWith("Encoding: 10 tokens in ", shown[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Work_that_was_given_no_token_listens_to_the_cell()
    {
        var cell = KernelInvocationContext.Current = new();
        using var own = new CancellationTokenSource();
        var ofCell = NotebookHost.CancellationOr(default);
        Assert.Equal(own.Token, NotebookHost.CancellationOr(own.Token));
        cell.Interrupt.Cancel();
        KernelInvocationContext.Current = null;
        Assert.True(ofCell.IsCancellationRequested);
        Assert.False(NotebookHost.CancellationOr(default).CanBeCanceled);
    }

    [Fact]
    public void Without_a_notebook_there_is_no_host() => Assert.Null(NotebookHost.Current);

    [Fact]
    public void Reports_that_follow_fast_are_shown_seldom()
    {
        var recorder = new Recorder();
        using (var progress = new Progress(new("Work", "steps", 100_000, 0), recorder, TimeSpan.Zero))
            for (var i = 1; i <= 100_000; i++) progress.Report(i);

        Assert.InRange(recorder.Shown.Count, 1, 20);
        Assert.Equal(100_000, recorder.Last!.Done);
    }

    [Fact]
    public void The_rate_of_a_resumed_run_counts_only_its_own_steps()
    {
        var recorder = new Recorder();
        using (var progress = new Progress(new("Work", "steps", 2_000_000_000, 1_000_000_000), recorder, TimeSpan.Zero))
            progress.Report(1_000_000_010);

        Assert.InRange(recorder.Last!.Rate, 0.001, 1e6);
    }

    [Fact]
    public void A_line_says_count_share_rate_and_time_left() =>
        Assert.Equal("Training: 1,200 of 5,000 steps (24 %), 100 steps/s, 38 s left, loss 0.4",
            new ProgressState("Training", "steps", 5000, 1200) { Rate = 100, Elapsed = TimeSpan.FromSeconds(12), Note = "loss 0.4" }.ToText());

    [Fact]
    public void An_operation_that_ends_early_says_so() =>
        Assert.Equal("Training: stopped after 1 of 4 steps (25 %) and 2.0 s",
            new ProgressState("Training", "steps", 4, 1) { Elapsed = TimeSpan.FromSeconds(2), IsOver = true }.ToText());

    [Fact]
    public void A_terminal_line_is_written_over_and_never_wraps()
    {
        var terminal = new StringWriter();
        var sink = new TerminalSink(terminal, () => 30);
        sink.Show(new("A long name of an operation", "steps", 10, 1));
        sink.Finish(new("A long name of an operation", "steps", 10, 10) { IsOver = true, Elapsed = TimeSpan.FromSeconds(1) });

        var parts = terminal.ToString().Split('\r', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(29, parts[0].Replace("\u001b[K", "", StringComparison.Ordinal).Length);
        Assert.StartsWith("A long name of an operation: 10 steps in 1.0 s", parts[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_gets_few_lines()
    {
        var log = new StringWriter();
        var sink = new LogSink(log);
        for (var i = 1; i <= 1000; i++) sink.Show(new("Work", "steps", 1000, i));

        Assert.Single(log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
