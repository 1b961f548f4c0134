using SaeNotebooks.Cli.Running;

namespace SaeNotebooks.Cli.Tests;

public sealed class TurnTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_has_its_turn_while_the_next_prepares_and_the_one_before_finishes()
    {
        var (log, started) = (new List<string>(), Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource()).ToArray());
        started[3].SetResult();
        var succeeded = await Turn.Each([0, 1, 2], async (i, turn, stop) =>
        {
            Say($"{i} prepares");
            started[i].SetResult();
            await turn.Begins;
            Say($"{i} begins");
            await started[i + 1].Task.WaitAsync(TimeSpan.FromMinutes(1), stop); // the next is there before this one ends
            Say($"{i} ends");
            turn.End();
            await started[Math.Min(i + 2, 3)].Task.WaitAsync(TimeSpan.FromMinutes(1), stop); // so is the one after, before this one has finished
            return i != 1;
        }, Cancellation);
        Assert.Equal(2, succeeded);
        Assert.Equal(["0 begins", "0 ends", "1 begins", "1 ends", "2 begins", "2 ends"], log.Where(l => !l.EndsWith("prepares", StringComparison.Ordinal)));
        Assert.True(log.IndexOf("2 prepares") > log.IndexOf("0 ends")); // no more than one is ahead

        void Say(string what) { lock (log) log.Add(what); }
    }

    [Fact]
    public async Task What_one_throws_ends_the_others_before_their_turn()
    {
        var began = new List<int>();
        var error = await Assert.ThrowsAsync<CliException>(() => Turn.Each([0, 1, 2, 3], async (i, turn, stop) =>
        {
            await turn.Begins.WaitAsync(stop);
            lock (began) began.Add(i);
            await Task.Yield();
            if (i == 1) throw new CliException("the second is broken");
            turn.End();
            return true;
        }, Cancellation));
        Assert.Equal("the second is broken", error.Message);
        Assert.Equal([0, 1], began);
    }

    [Fact]
    public async Task Cancelling_ends_all()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Turn.Each([0, 1], async (i, turn, token) =>
        {
            await turn.Begins.WaitAsync(token);
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return true;
        }, stop.Token));
    }
}
