using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests;

/// <summary>TorchSharp lets go of numbers during native calls; collecting all the while shows whether any of ours is among them.</summary>
public class ScalarsTests
{
    private static async Task WhileCollecting(TimeSpan time, Action act)
    {
        using var finished = new CancellationTokenSource(time);
        var collecting = Task.Run(() =>
        {
            while (!finished.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        while (!finished.IsCancellationRequested) act();
        await collecting;
    }

    [Fact]
    public async Task SumsAndMultiplesSurviveCollections()
    {
        using var x = full(8, 3f);
        using var y = full(8, 4f);
        await WhileCollecting(TimeSpan.FromSeconds(1.5), () =>
        {
            using var sum = x.Plus(y);
            using var multiple = sum.Times(0.5);
            Assert.Equal(3.5f, multiple.data<float>()[0]);
        });
    }

    [Fact]
    public async Task RunsSurviveCollections()
    {
        int[] prompt = [2, 17, 40, 5];
        using var model = TestModels.Load("llama");
        using var expected = model.Run(prompt, Hook.Pattern(3), Edit.Scale(Hook.ResidPost(0), 2), logits: true);
        await WhileCollecting(TimeSpan.FromSeconds(1.5), () =>
        {
            using var run = model.Run(prompt, Hook.Pattern(3), Edit.Scale(Hook.ResidPost(0), 2), logits: true);
            Compare.MaxAbs(expected.Logits, run.Logits, 0, "logits");
        });
    }
}
