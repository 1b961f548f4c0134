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
            using (SmallWork.Begin(1000)) Assert.Equal(1, get_num_threads());
            Assert.Equal(2, get_num_threads());
            Assert.Null(SmallWork.Begin(1_000_000_000));
            Assert.Equal(2, get_num_threads());
        }
        finally { set_num_threads(before); }
    }
}
