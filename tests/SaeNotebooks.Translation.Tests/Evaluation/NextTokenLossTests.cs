using SaeNotebooks.Training.Evaluation;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Tests.Evaluation;

public class NextTokenLossTests
{
    [Fact]
    public void It_is_the_loss_of_each_sequence_alone()
    {
        var model = TinyModel.Model;
        IReadOnlyList<int>[] sequences = [model.Encode("The dog sleeps in the garden."), model.Encode("Ja."), model.Encode("Con chó ngủ trong vườn.")];
        var losses = NextTokenLoss.Of(model, sequences);
        foreach (var (sequence, loss) in sequences.Zip(losses))
        {
            using var scope = NewDisposeScope();
            using var run = model.Run(sequence.ToArray(), logits: true);
            var probabilities = run.Logits[0].softmax(-1);
            Assert.Equal(sequence.Count - 1, loss.Length);
            for (var i = 0; i < loss.Length; i++)
                Assert.Equal(-Math.Log(probabilities[i, sequence[i + 1]].item<float>()), loss[i], 1e-4);
        }
    }
}
