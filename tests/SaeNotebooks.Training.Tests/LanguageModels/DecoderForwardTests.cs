using SaeNotebooks.Models;
using SaeNotebooks.Training.LanguageModels;
using SaeNotebooks.Training.Tasks;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.LanguageModels;

[Collection(TensorTests.Name)]
public sealed class DecoderForwardTests : IDisposable
{
    private readonly DecoderParameters _parameters = new(Toy.Shape, seed: 5);
    private readonly DecoderForward _forward = new(Toy.Shape);

    public void Dispose()
    {
        _forward.Dispose();
        _parameters.Dispose();
    }

    [Fact]
    public void Logits_are_those_of_the_exported_model_up_to_bfloat16()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var model = Toy.Export(_parameters);
        var toy = new Toy();
        var ids = Enumerable.Range(0, 6).Select(i => toy[i].Ids[..8]).ToArray();
        using var run = model.Run(new TokenBatch(ids), logits: true);

        var trained = Logits(ids.SelectMany(row => row).ToArray(), new bool[6], new Role[48], 6);
        var difference = (trained - run.Logits.view(48, -1)).pow(2).mean().sqrt() / run.Logits.pow(2).mean().sqrt();
        Assert.InRange(difference.item<float>(), 0, 0.02f);
    }

    [Fact]
    public void A_later_token_changes_nothing_before_it()
    {
        using var scope = NewDisposeScope();
        int[] ids = [0, 5, 6, 7, 8, 9];
        var before = Logits(ids, [false], new Role[6], 1);
        ids[4] = 30;
        var after = Logits(ids, [false], new Role[6], 1);
        Assert.Equal([false, false, false, false, true, true], Changed(before, after));
    }

    [Fact]
    public void Where_it_is_masked_an_instruction_reaches_the_source_never_and_the_answer_through_the_break()
    {
        using var scope = NewDisposeScope();
        Role[] roles = [Role.Text, Role.Instruction, Role.Source, Role.Source, Role.Break, Role.Answer];
        int[] ids = [0, 5, 6, 7, 8, 9];
        var before = Logits(ids, [true], roles, 1);
        ids[1] = 30;
        var after = Logits(ids, [true], roles, 1);
        Assert.Equal([false, true, false, false, true, true], Changed(before, after));
    }

    [Fact]
    public void Padding_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var alone = Logits([0, 5, 6, 7], [false], new Role[4], 1);
        var padded = Logits([0, 5, 6, 7, 2, 2], [false], new Role[6], 1).narrow(0, 0, 4);
        Assert.InRange((alone - padded).abs().max().item<float>(), 0, 0.02f * alone.abs().max().item<float>());
    }

    [Fact]
    public void The_export_has_every_parameter_once()
    {
        var weights = _parameters.ToHuggingFace(ScalarType.Float32);
        Assert.Equal(Toy.Shape.ParameterCount, weights.Values.Sum(w => w.numel()));
        foreach (var weight in weights.Values) weight.Dispose();
    }

    [Fact]
    public void A_forward_and_backward_pass_leaves_nothing_behind()
    {
        void Once()
        {
            using var scope = NewDisposeScope();
            Logits([0, 5, 6, 7], [false], new Role[4], 1).sum().backward();
        }

        Once();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 5; i++) Once();
        Assert.Equal(before, Tensor.TotalCount);
    }

    /// <summary>[batch · pos, vocabulary]</summary>
    private Tensor Logits(int[] ids, bool[] masked, Role[] roles, int batch)
    {
        var whole = new TrainingBatch(ids, batch, ids.Length / batch, masked, roles, [], [], ids.Length);
        var rows = arange(ids.Length, int64);
        return _forward.Hidden(_parameters, whole.IdTensor(), whole.AttentionMask(), rows).matmul(_parameters.Embedding.t());
    }

    private static bool[] Changed(Tensor before, Tensor after) => (before - after).abs().amax([1]).gt(1e-6).data<bool>().ToArray();
}
