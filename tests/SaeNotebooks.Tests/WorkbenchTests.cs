using SaeNotebooks.Checkpoints;
using SaeNotebooks.Hooks;
using SaeNotebooks.Tests.Goldens;

namespace SaeNotebooks.Tests;

public sealed class WorkbenchTests : IDisposable
{
    private readonly TemporaryData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void A_name_opens_the_model_and_its_SAEs()
    {
        using var bench = Workbench.Open("tiny");
        Assert.Equal(("tiny", 48), (bench.Name, bench.Model.Config.DModel));
        Assert.Equal([Hook.ResidPost(1)], bench.SaeHooks);
        Assert.Same(bench.Sae(Hook.ResidPost(1)), bench.Sae(Hook.ResidPost(1)));

        using var run = bench.Model.Run(new[] { 2, 17, 40 }, Hook.ResidPost(1));
        using var latents = bench.Sae(Hook.ResidPost(1)).Encode(run[Hook.ResidPost(1)]);
        Assert.Equal([1, 3], latents.Shape);
        Assert.InRange(latents.L0(), 1, 4);
    }

    [Fact]
    public void A_hook_without_an_SAE_is_answered_with_those_that_have_one()
    {
        using var bench = Workbench.Open("tiny");
        using var bare = Workbench.Open("bare");
        Assert.Contains("no SAE for blocks.2.hook_resid_post of 'tiny'; there are blocks.1.hook_resid_post",
            Assert.Throws<ReferenceException>(() => bench.Sae(Hook.ResidPost(2))).Message);
        Assert.Empty(bare.SaeHooks);
        Assert.Contains("there are none", Assert.Throws<ReferenceException>(() => bare.Sae(Hook.ResidPost(1))).Message);
    }

    [Fact]
    public void Hooks_over_the_depth_are_those_with_an_SAE()
    {
        using var bench = Workbench.Open("tiny");
        using var bare = Workbench.Open("bare");
        Assert.Equal([Hook.ResidPost(1)], bench.SaeHooksOverDepth(Hook.ResidPost(0)));
        Assert.Empty(bench.SaeHooksOverDepth(Hook.ResidPre(1)));
        Assert.Empty(bench.SaeHooksOverDepth(Hook.Embed));
        Assert.Empty(bare.SaeHooksOverDepth(Hook.ResidPost(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => bench.SaeHooksOverDepth(Hook.ResidPost(1), most: 0));
    }

    [Fact]
    public void A_model_opens_from_any_folder()
    {
        using var bench = Workbench.Open(Golden.PathOf("llama"));
        Assert.Equal("llama", bench.Name);
    }

    [Fact]
    public void What_is_no_model_is_refused()
    {
        Assert.Throws<ReferenceException>(() => Workbench.Open("giant"));
        Directory.CreateDirectory(Path.Combine(_data.Folder, "models", "empty"));
        Assert.Contains("config.json", Assert.Throws<CheckpointException>(() => Workbench.Open("empty")).Message);
    }

    [Fact]
    public void Disposing_gives_everything_back()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = LiveTensors.Count();
        using (var bench = Workbench.Open("tiny")) bench.Sae(Hook.ResidPost(1));
        Assert.Equal(before, TorchSharp.torch.Tensor.TotalCount);
    }
}
