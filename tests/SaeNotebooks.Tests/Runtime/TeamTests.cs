using SaeNotebooks.Runtime;

namespace SaeNotebooks.Tests.Runtime;

public class TeamTests
{
    /// <summary>Several threads bring jobs at once, some of them after the helpers have fallen asleep.</summary>
    [Fact]
    public void EveryPieceIsDoneOnceAndBeforeTheJobEnds()
    {
        Parallel.For(0, 4, caller =>
        {
            Team.Threads = 4;
            try
            {
                for (var job = 0; job < 500; job++)
                {
                    var counts = new int[job % 40];
                    Team.Run(counts.Length, piece => Interlocked.Increment(ref counts[piece]));
                    Assert.All(counts, count => Assert.Equal(1, count));
                    if (job % 100 == caller) Thread.Sleep(5);
                }
            }
            finally { Team.Threads = 0; }
        });
    }

    [Fact]
    public void OneThreadDoesItAllItself()
    {
        Team.Threads = 1;
        try
        {
            var threads = new List<int>();
            Team.Run(5, _ => threads.Add(Environment.CurrentManagedThreadId));
            Assert.Equal(Enumerable.Repeat(Environment.CurrentManagedThreadId, 5), threads);
        }
        finally { Team.Threads = 0; }
    }
}
