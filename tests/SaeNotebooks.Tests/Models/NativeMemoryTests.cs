using SaeNotebooks.Checkpoints;
using SaeNotebooks.Generation;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

/// <summary>Counts every tensor of the process, which works because no two tests run at once.</summary>
public class NativeMemoryTests
{
    private static readonly int[] Prompt = [2, 17, 40, 5, 99, 200, 31];

    [Fact]
    public void AThousandRunsLeaveNothingBehind()
    {
        using var model = TestModels.Load("llama");
        TokenBatch padded = new([Prompt, Prompt[..3]], Padding.Left);
        using var vector = ones(48);
        var even = false;
        void Once()
        {
            even = !even;
            using var run = model.Run(even ? Prompt : padded, [Hook.ResidPost(2), Hook.Q(1), Hook.Pattern(0)],
                Edit.Add(Hook.ResidPost(0), vector, Positions.Last), logits: true);
        }

        for (var i = 0; i < 50; i++) Once();
        var tensors = LiveTensors.Count();
        Assert.InRange(NativeMemory.LeastGrowth(Once, 250), long.MinValue, 1_000_000); // 4 KB a run
        Assert.Equal(tensors, Tensor.TotalCount);
    }

    [Fact]
    public void GenerationsLeaveNothingBehind()
    {
        using var model = TestModels.Load("llama");
        using var vector = ones(48);
        var options = new GenerationOptions { MaxNewTokens = 6, StopTokens = [.. Enumerable.Range(0, 60)] };
        void Once()
        {
            model.GenerateAll([Prompt, Prompt[..3], Prompt[..5]], options, Edit.Add(Hook.ResidPost(0), vector, Positions.LastAndGenerated));
            Assert.NotEmpty(model.GenerateStream(Prompt, options with { StopTokens = [] }).Take(2)); // abandoned half-way
        }

        Once();
        var tensors = LiveTensors.Count();
        for (var i = 0; i < 20; i++) Once();
        Assert.Equal(tensors, Tensor.TotalCount);
    }

    [Theory]
    [InlineData("gpt2", WeightProcessing.FoldLn | WeightProcessing.CenterWritingWeights | WeightProcessing.CenterUnembed | WeightProcessing.FoldValueBiases)]
    [InlineData("gpt_neox", WeightProcessing.FoldLn), InlineData("gemma2", WeightProcessing.FoldLn), InlineData("gemma3_text", WeightProcessing.None)]
    [InlineData("qwen2", WeightProcessing.FoldValueBiases)]
    public void LoadingAndRunningAFamilyLeavesNothingBehind(string family, WeightProcessing processing)
    {
        void Once()
        {
            using var model = HookedTransformer.Load(Golden.PathOf(family), processing: processing);
            using (model.Run(new TokenBatch([Prompt, Prompt[..3]]), [Hook.ResidPost(2), Hook.Pattern(1)], logits: true)) { }
            model.GenerateAll([Prompt, Prompt[..3]], new GenerationOptions { MaxNewTokens = 12, StopTokens = [] });
        }

        Once();
        var before = LiveTensors.Count();
        Once();
        Assert.Equal(before, LiveTensors.Count());
    }

    [Fact]
    public void AFailedRunLeavesNothingBehind()
    {
        using var model = TestModels.Load("llama");
        var before = LiveTensors.Count();
        for (var i = 0; i < 3; i++)
            Assert.Throws<InvalidOperationException>(() => model.Run(new TokenBatch([Prompt, Prompt[..2]]), [Hook.ResidPost(0), Hook.Z(1)],
                Edit.Custom(Hook.ResidPost(2), (x, _) => x.mean()), logits: true));
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void AFailedLoadLeavesNothingBehind()
    {
        var folder = Directory.CreateTempSubdirectory("model").FullName;
        File.Copy(Golden.PathOf("llama", "model.safetensors"), Path.Combine(folder, "model.safetensors"));
        var config = File.ReadAllText(Golden.PathOf("llama", "config.json"));
        File.WriteAllText(Path.Combine(folder, "config.json"), config.Replace("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 5"));
        var before = LiveTensors.Count();
        Assert.Throws<CheckpointException>(() => HookedTransformer.Load(folder));
        Assert.Equal(before, Tensor.TotalCount);
        Directory.Delete(folder, recursive: true);
    }
}
