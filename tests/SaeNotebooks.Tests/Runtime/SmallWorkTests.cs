using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Runtime;

public class SmallWorkTests
{
    [Fact]
    public void Small_work_has_one_thread_and_the_others_come_back()
    {
        NativeRuntime.EnsureLoaded();
        var before = get_num_threads();
        set_num_threads(2);
        try
        {
            using (SmallWork.Begin(products: 1000, others: 1000, inTeam: false)) Assert.Equal((1, 1), (get_num_threads(), Team.Threads));
            Assert.Equal((2, 2), (get_num_threads(), Team.Threads));
            Assert.Null(SmallWork.Begin(products: 1_000_000_000, others: 1000, inTeam: false));
            using (SmallWork.Begin(products: 1_000_000_000, others: 1000, inTeam: true)) Assert.Equal((1, 2), (get_num_threads(), Team.Threads));
            Assert.Null(SmallWork.Begin(products: 1_000_000_000, others: 1_000_000_000, inTeam: true));
            Assert.Equal((2, 2), (get_num_threads(), Team.Threads));
        }
        finally { set_num_threads(before); }
    }
}
