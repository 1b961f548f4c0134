using System.Collections.Concurrent;
using SaeNotebooks.Hub;

namespace SaeNotebooks.Tests.Hub;

/// <summary>A clock by which every pause is over at once, and patience with a silent server never ends unless the test says so.</summary>
internal sealed class HastyTime : TimeProvider
{
    /// <summary>The pauses that were asked for.</summary>
    public ConcurrentQueue<TimeSpan> Pauses { get; } = [];

    /// <summary>After how much real time patience ends.</summary>
    public TimeSpan Patience { get; set; } = Timeout.InfiniteTimeSpan;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == HubHttp.Patience) return System.CreateTimer(callback, state, Patience, period);
        if (dueTime != Timeout.InfiniteTimeSpan) Pauses.Enqueue(dueTime);
        return System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.FromMilliseconds(1), period);
    }
}
