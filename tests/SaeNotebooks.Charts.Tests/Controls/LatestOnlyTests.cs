using SaeNotebooks.Controls;
using SaeNotebooks.Display;

namespace SaeNotebooks.Charts.Tests.Controls;

public class LatestOnlyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_comes_in_one_runs_at_a_time_in_order_and_the_last_is_shown_last(int seed)
    {
        var random = new Random(seed);
        var latest = new LatestOnly();
        var (running, most) = (0, 0);
        List<int> shown = [];
        var last = Task.CompletedTask;
        for (var i = 0; i < 200; i++)
        {
            var (value, effort) = (i, random.Next(4));
            last = latest.Post(turn =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                try
                {
                    for (var step = 0; step < effort; step++)
                    {
                        Thread.Yield();
                        turn.Do(() => shown.Add(value));
                    }
                    turn.Do(() => shown.Add(value));
                }
                catch (OperationCanceledException) { }
                finally { Interlocked.Decrement(ref running); }
            });
            if (random.Next(5) == 0) await Task.Yield();
            if (random.Next(20) == 0) await last;
        }
        await last;

        Assert.Equal(1, most);
        Assert.Equal(199, shown[^1]);
        Assert.Equal(shown.Order(), shown);
    }

    [Fact]
    public async Task Newer_work_ends_what_is_being_done_and_what_waits_is_left_out()
    {
        var latest = new LatestOnly();
        using var began = new ManualResetEventSlim();
        var (ended, waited) = (false, false);
        var first = latest.Post(turn =>
        {
            began.Set();
            // A model call without a token of its own asks for this one.
            NotebookHost.CancellationOr(default).WaitHandle.WaitOne();
            ended = turn.Cancellation.IsCancellationRequested;
            Assert.Throws<OperationCanceledException>(() => turn.Do(() => Assert.Fail("shown")));
        });
        began.Wait(TestContext.Current.CancellationToken);
        var second = latest.Post(_ => waited = true);
        var third = latest.Post(_ => { });
        await Task.WhenAll(first, second, third);

        // The second may have begun before the third came; it ran after the first in any case.
        Assert.True(ended);
        Assert.True(first.IsCompletedSuccessfully);
        Assert.True(!waited || second.IsCompletedSuccessfully);
        Assert.False(NotebookHost.CancellationOr(default).CanBeCanceled);
    }

    [Fact]
    public async Task Work_that_fails_does_not_keep_the_next_from_running()
    {
        var latest = new LatestOnly();
        var failed = latest.Post(_ => throw new InvalidOperationException("no"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => failed);
        var ran = false;
        await latest.Post(_ => ran = true);
        Assert.True(ran);
    }
}
