using SaeNotebooks.Models;
using SaeNotebooks.Training.LanguageModels;
using SaeNotebooks.Training.LanguageModels.Gradient;
using SaeNotebooks.Training.Tasks;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.LanguageModels;

[Collection(TensorTests.Name)]
public sealed class DecoderGradientTests : IDisposable
{
    private readonly DecoderParameters _parameters = new(Toy.Shape, seed: 5);
    private readonly DecoderGradient _gradient;

    public DecoderGradientTests() => _gradient = new(_parameters);

    public void Dispose()
    {
        _gradient.Dispose();
        _parameters.Dispose();
    }

    [Fact]
    public void Loss_and_every_gradient_are_autograds()
    {
        using var scope = NewDisposeScope();
        foreach (var batch in new BatchStream(new Toy(), Toy.Pad, seed: 1, Toy.Batches).From(0).Take(3))
        {
            using var twinParameters = new DecoderParameters(Toy.Shape, seed: 5);
            using var twin = new AutogradDecoder(Toy.Shape);
            Assert.Contains(true, batch.Masked);
            Assert.Equal(twin.LossAndGradient(twinParameters, batch), _gradient.LossAndGradient(batch), 1e-5);
            foreach (var ((name, mine), (_, theirs)) in _parameters.Named().Zip(twinParameters.Named()))
            {
                var difference = (mine.grad! - theirs.grad!).norm() / theirs.grad!.norm();
                Assert.True(difference.item<float>() < 1e-5, $"the gradient of {name} is off by {difference.item<float>():E2} of its norm");
            }
        }
    }

    /// <summary>A rounding to bfloat16 is off by at most 2⁻⁹ = 0.2 %; a gradient passes about ten of them in two layers.</summary>
    [Fact]
    public void Products_in_bfloat16_change_gradients_by_their_rounding_only()
    {
        using var scope = NewDisposeScope();
        using var parameters = new DecoderParameters(Toy.Shape, seed: 5);
        using var rounded = new DecoderGradient(parameters, ScalarType.BFloat16);
        var batch = new BatchStream(new Toy(), Toy.Pad, seed: 1, Toy.Batches).From(0).First();
        Assert.Equal(_gradient.LossAndGradient(batch), rounded.LossAndGradient(batch), 2e-2);
        foreach (var ((name, exact), (_, mine)) in _parameters.Named().Zip(parameters.Named()))
        {
            var difference = ((mine.grad! - exact.grad!).norm() / exact.grad!.norm()).item<float>();
            Assert.True(difference is > 1e-4f and < 2e-2f, $"the gradient of {name} is off by {difference:E2} of its norm");
        }
    }

    [Fact]
    public void Scores_too_large_for_an_exponential_do_no_harm()
    {
        using var scope = NewDisposeScope();
        var scores = new float[] { 7, -1, -1, 300, 299, -1, -400, -401, -402 };
        using var pattern = tensor(scores, [3, 3]);
        MaskedSoftmaxKernel.Forward(pattern, new TrainingBatch(new int[3], 1, 3, [false], new Role[3], [], [], 3), heads: 1);
        var expected = tensor(scores, [3, 3]).masked_fill(ones(3, 3, dtype: ScalarType.Bool).triu(1), float.NegativeInfinity).softmax(-1);
        Assert.InRange((pattern - expected).abs().max().item<float>(), 0, 1e-6f);
    }

    [Fact]
    public void Logits_are_those_of_the_exported_model_up_to_the_rounding_of_its_weights()
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
    public void A_step_leaves_nothing_behind()
    {
        var batch = new TrainingBatch([0, 5, 6, 7], 1, 4, [false], new Role[4], [0, 1], [5, 6], 4);
        _gradient.LossAndGradient(batch);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = LiveTensors.Count();
        for (var i = 0; i < 5; i++) _gradient.LossAndGradient(batch);
        Assert.Equal(before, Tensor.TotalCount);
    }

    /// <summary>[batch · pos, vocabulary]</summary>
    private Tensor Logits(int[] ids, bool[] masked, Role[] roles, int batch) =>
        _gradient.Logits(new(ids, batch, ids.Length / batch, masked, roles, [], [], ids.Length));

    private static bool[] Changed(Tensor before, Tensor after) => (before - after).abs().amax([1]).gt(1e-6).data<bool>().ToArray();
}
