using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

public class RunTests
{
    private static readonly int[] Prompt = [2, 17, 40, 5, 99, 200, 31];

    [Fact]
    public void ARunStopsAfterTheLastCaptureThatItNeeds()
    {
        using var model = TestModels.Load("llama");
        var reached = new List<int>();
        Edits spies = Enumerable.Range(0, 4).Select(layer =>
            Edit.Custom(Hook.AttnOut(layer), (x, _) => { reached.Add(layer); return x; })).ToList();

        using (var run = model.Run(Prompt, Hook.ResidPost(1), spies))
        {
            Assert.Equal([0, 1], reached);
            Assert.False(run.HasLogits);
            Assert.Contains("logits: true", Assert.Throws<InvalidOperationException>(() => run.Logits).Message);
        }

        reached.Clear();
        using (model.Run(Prompt, Hook.ResidPre(2), spies)) Assert.Equal([0, 1], reached);
        reached.Clear();
        using (model.Run(Prompt, Hook.ResidPost(1), spies, logits: true)) Assert.Equal([0, 1, 2, 3], reached);
        reached.Clear();
        using (model.Run(Prompt, Hook.Embed, spies)) Assert.Empty(reached);
    }

    [Fact]
    public void OnlyNamedActivationsAreKept()
    {
        using var model = TestModels.Load("llama");
        using var run = model.Run(Prompt, [Hook.Z(0), "blocks.1.hook_mlp_out"]);
        Assert.Equal([Hook.Z(0), Hook.MlpOut(1)], run.Captured);
        Assert.Equal([1, 7, 4, 12], run[Hook.Z(0)].shape);
        Assert.Contains("blocks.0.attn.hook_z, blocks.1.hook_mlp_out", Assert.Throws<KeyNotFoundException>(() =>
            run[Hook.ResidPost(1)]).Message);
        Assert.Equal(Prompt, run.Tokens.Select(t => t.Id));
    }

    [Fact]
    public void CapturesSurviveACallersDisposeScopeOnlyInTheRun()
    {
        using var model = TestModels.Load("llama");
        ModelRun run;
        using (NewDisposeScope()) run = model.Run(Prompt, [Hook.ResidPost(0), Hook.ResidPre(1)]);
        using (run)
        {
            Assert.Equal(run[Hook.ResidPost(0)].data<float>().ToArray(), run[Hook.ResidPre(1)].data<float>().ToArray());
            run[Hook.ResidPost(0)].zero_();
        }
    }

    [Fact]
    public void BadInputIsAnsweredInOneLine()
    {
        using var model = TestModels.Load("llama");
        Assert.Contains("context is 128", Assert.Throws<ArgumentException>(() => model.Run(Enumerable.Repeat(3, 129).ToArray())).Message);
        Assert.Contains("Token id 320", Assert.Throws<ArgumentException>(() => model.Run(new[] { 2, 320 })).Message);
        Assert.Contains("4 layers, 0 to 3", Assert.Throws<ArgumentOutOfRangeException>(() => model.Run(Prompt, Hook.ResidPost(4))).Message);
        Assert.Contains("no tokens", Assert.Throws<ArgumentException>(() => model.Run(new int[][] { [2], [] })).Message);
        Assert.Contains("Position 7", Assert.Throws<ArgumentOutOfRangeException>(() =>
            model.Run(Prompt, edits: Edit.Ablate(Hook.Z(0), Positions.At(7)))).Message);
    }

    [Fact]
    public void ACancelledRunStops()
    {
        using var model = TestModels.Load("llama");
        Assert.Throws<OperationCanceledException>(() => model.Run(Prompt, cancellation: new CancellationToken(true)));
    }
}
