using SaeNotebooks.Hooks;
using SaeNotebooks.Steering;
using SaeNotebooks.Training.Evaluation;
using SaeNotebooks.Translation.SaeQuality;
using SaeNotebooks.Translation.Selection;
using SaeNotebooks.Translation.Switch;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Tests;

/// <summary>Counts every tensor of the process, which works because no two tests run at once.</summary>
public class NativeMemoryTests
{
    [Fact]
    public void Evaluations_and_searches_leave_nothing_behind()
    {
        using var sae = TinyModel.RandomSae(1);
        var small = new SwitchOptions { PatchCases = 2, DiscoveryPrompts = 6, Candidates = 4, EffectPrompts = 3, Chosen = 2, SelectionPrompts = 2, TestPrompts = 2, ControlDraws = 1 };
        void Once()
        {
            NextTokenLoss.Of(TinyModel.Model, [TinyModel.Model.Encode("The dog sleeps.")]);
            SaeEvaluation.Run(TinyModel.Model, Corpora.Corpus, [sae], new() { Documents = 5 });
            SwitchExperiment.Run(TinyModel.Model, "untrained", Corpora.Corpus, [sae], small);
            new PoolScoring(TinyModel.Model, [new(sae, [3, 4])], new()).Run(new("pool", "fr", [new(1, "The dog sleeps.", "Le chien dort.", 80), new(2, "A cat.", "Un chat.", 90)], []));
            using var run = TinyModel.Model.Run("Der Hund", Hook.ResidPost(1), new Edit[] { Steer.Multiply(sae, [3, 4], 2), Steer.Clamp(sae, 5, 1), Steer.Add(sae, 6, 1) });
        }

        Once();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var tensors = LiveTensors.Count();
        Once();
        Assert.Equal(tensors, Tensor.TotalCount);
    }
}
