using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

public class ResumableRunTests
{
    private static readonly int[][] Prompts = [[2, 17, 40, 5, 99, 200, 31], [2, 9, 77, 12], [2, 60, 61, 62, 63, 64, 65, 66, 67, 68]];

    /// <summary>Families that differ in what happens between keys and logits: windows and soft caps, grouped queries, learned positions.</summary>
    [Theory]
    [InlineData("llama")]
    [InlineData("gemma2")]
    [InlineData("gpt2")]
    public void AnEditOfTheLastColumnsHasTheEffectThatItHasInAWholePass(string family)
    {
        using var model = TestModels.Load(family);
        using var scope = NewDisposeScope();
        var batch = new TokenBatch(Prompts, Padding.Left);
        const int Columns = 3, Layer = 1;
        int[] rows = [2, 0, 0, 1];
        using var run = new ResumableRun(model, batch, Columns, [Layer, model.Config.NLayers - 1]);
        var change = randn([rows.Length, Columns, model.Config.DModel], generator: manual_seed(3));
        using var resumed = run.Resume(Layer, rows, run.Residual(Layer).index_select(0, tensor([.. rows.Select(r => (long)r)])) + change);
        using var logits = run.Logits(resumed);

        foreach (var (i, row) in rows.Index())
        {
            var first = Prompts[row].Length - Columns;
            Edits edits = Edit.Custom(Hook.ResidPost(Layer), (x, _) => x + change[i].unsqueeze(0), Positions.At(first, first + 1, first + 2));
            using var whole = model.Run(Prompts[row], edits: edits);
            Assert.True(whole.Logits[0].narrow(0, first, Columns).allclose(logits[i], 1e-4, 1e-4), $"row {row}");
        }
        using var unedited = model.Run(Prompts[1]);
        using var final = run.Logits(run.Residual(model.Config.NLayers - 1));
        Assert.True(unedited.Logits[0].narrow(0, 1, Columns).allclose(final[1], 1e-4, 1e-4));
    }

    [Fact]
    public void WhatCannotBeResumedIsSaid()
    {
        using var model = TestModels.Load("llama");
        Assert.Contains("padded on the left", Assert.Throws<ArgumentException>(() => new ResumableRun(model, Prompts, 1, [0])).Message);
        Assert.Contains("the batch has 4", Assert.Throws<ArgumentException>(() => new ResumableRun(model, new TokenBatch([Prompts[1]], Padding.Left), 5, [0])).Message);
        Assert.ThrowsAny<ArgumentException>(() => new ResumableRun(model, new TokenBatch(Prompts, Padding.Left), 1, [99]));
        using var run = new ResumableRun(model, new TokenBatch(Prompts, Padding.Left), 1, [0]);
        Assert.Contains("not after 1", Assert.Throws<KeyNotFoundException>(() => run.Residual(1)).Message);
    }

    [Fact]
    public void NothingIsLeftBehind()
    {
        using var model = TestModels.Load("llama");
        void Once()
        {
            using var run = new ResumableRun(model, new TokenBatch(Prompts, Padding.Left), 2, [0, 1]);
            using (run.Resume(0, [0, 0, 1], run.Residual(0))) { }
        }
        Once();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = LiveTensors.Count();
        Once();
        Assert.Equal(before, Tensor.TotalCount);
    }
}
