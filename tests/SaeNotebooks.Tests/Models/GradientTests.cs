using SaeNotebooks.Analysis;
using SaeNotebooks.Attribution;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

/// <summary>Gradients against central differences of runs with edits, which know nothing of gradients.</summary>
public sealed class GradientTests : IDisposable
{
    private static readonly int[] Prompt = [2, 17, 40, 5, 99, 200, 31];
    private static readonly Metric Difference = Metric.Logit(7, minus: 250);
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static TheoryData<string> Families => ["llama", "gpt2", "gpt_neox", "gemma2", "gemma3_text", "qwen2", "qwen3"];

    /// <summary>In float64, though norms, softmax and logits are float32 throughout: these set what the differences can show.</summary>
    [Theory, MemberData(nameof(Families))]
    public void Gradients_are_central_differences_in_every_family(string family)
    {
        using var model = TestModels.Load(family, ScalarType.Float64);
        HookName[] wanted = [Hook.Embed, Hook.ResidPre(0), Hook.Ln1Scale(1), Hook.Ln1Normalized(1), Hook.Q(1), Hook.K(1), Hook.V(1), Hook.Pattern(1), Hook.Z(1), Hook.AttnOut(1),
            Hook.MlpPre(1), Hook.MlpPost(1), Hook.MlpOut(1), Hook.ResidPost(1), Hook.ResidPost(3), Hook.LnFinalNormalized];
        HookName[] hooks = [.. wanted.Where(model.Hooks.Contains)];
        using var run = model.Gradients(Prompt, hooks, Difference);
        foreach (var hook in hooks)
        {
            var (h, g) = (run.Activation(hook), run.Gradient(hook));
            Assert.True(g.abs().max().to(ScalarType.Float32).item<float>() > 0, $"no gradient at {hook}");
            // Along the gradient itself, and along a direction at random.
            foreach (var direction in new[] { g, randn(h.shape, dtype: h.dtype, generator: manual_seed(5)) * h.abs().mean() })
            {
                var step = 0.003 * (h.norm() / direction.norm()).to(ScalarType.Float64).item<double>();
                double At(double times) => Difference.Of(model, Prompt, Edit.Custom(hook, (x, _) => x + direction.to(x.dtype) * (times * step)))[0];
                var slope = (8 * (At(1) - At(-1)) - (At(2) - At(-2))) / (12 * step); // fourth order
                var expected = (g.to(ScalarType.Float64) * direction.to(ScalarType.Float64)).sum().item<double>();
                var size = (g.norm() * direction.norm()).to(ScalarType.Float64).item<double>();
                Assert.True(Math.Abs(slope - expected) < 2e-3 * size + 1e-5 / step, $"{family} {hook}: {expected} by gradient, {slope} by differences, of at most {size}");
            }
        }
    }

    [Fact]
    public void Each_prompt_of_a_batch_has_its_own_gradient_and_padding_none()
    {
        using var model = TestModels.Load("llama");
        TokenBatch batch = new([Prompt, Prompt[..4]], Padding.Left);
        using var together = model.Gradients(batch, [Hook.ResidPre(0), Hook.ResidPost(1)], Metric.LogProbability(9));
        using var alone = model.Gradients(Prompt[..4], Hook.ResidPost(1), Metric.LogProbability(9));
        Compare.MaxAbs(alone.Gradient(Hook.ResidPost(1))[0], together.Gradient(Hook.ResidPost(1))[1].narrow(0, 3, 4), 1e-5, "gradient");
        Assert.Equal(alone.Values[0], together.Values[1], 1e-4);
        Compare.MaxAbs(zeros(3, 48), together.Gradient(Hook.ResidPre(0))[1].narrow(0, 0, 3), 0, "padding");
    }

    [Fact]
    public void A_function_of_an_activation_is_differentiated_like_a_metric()
    {
        using var model = TestModels.Load("llama");
        var reader = randn(48, generator: manual_seed(1));
        using var run = model.Gradients(Prompt, Hook.ResidPost(0), Hook.ResidPost(2), h => h[TensorIndex.Colon, 5].matmul(reader));
        var g = run.Gradient(Hook.ResidPost(0));
        double At(double step)
        {
            using var edited = model.Run(Prompt, Hook.ResidPost(2), Edit.Custom(Hook.ResidPost(0), (x, _) => x + g * (step / g.norm())));
            return edited[Hook.ResidPost(2)][0, 5].dot(reader).item<float>();
        }

        Assert.Equal(g.norm().item<float>(), (At(0.1) - At(-0.1)) / 0.2, 0.02 * g.norm().item<float>());
        Compare.MaxAbs(zeros(48), g[0, 6], 0, "later tokens");
        using var same = model.Gradients(Prompt, Hook.ResidPost(2), Hook.ResidPost(2), h => h[TensorIndex.Colon, 5].matmul(reader));
        Compare.MaxAbs(reader, same.Gradient(Hook.ResidPost(2))[0, 5], 1e-6, "of itself");
    }

    [Fact]
    public void What_is_frozen_lets_no_gradient_through_and_changes_nothing()
    {
        using var model = TestModels.Load("gemma2");
        using var live = model.Gradients(Prompt, [Hook.Q(2), Hook.V(2), Hook.Ln1Scale(2)], Difference);
        using var attention = model.Gradients(Prompt, [Hook.Q(2), Hook.V(2), Hook.Ln1Scale(2)], Difference, Freeze.Of(model, Frozen.Attention));
        using var norms = model.Gradients(Prompt, [Hook.Q(2), Hook.V(2), Hook.ResidPre(0)], Difference, Freeze.Of(model, Frozen.AttentionAndNorms));
        Assert.Equal(live.Values[0], attention.Values[0], 1e-4);
        Assert.Equal(live.Values[0], norms.Values[0], 1e-4);
        double Size(GradientRun run, HookName hook) => run.Gradient(hook).abs().max().item<float>();
        Assert.True(Size(live, Hook.Q(2)) > 0 && Size(live, Hook.Ln1Scale(2)) > 0);
        Assert.Equal((0, 0), (Size(attention, Hook.Q(2)), Size(norms, Hook.Q(2))));
        Assert.True(Size(attention, Hook.V(2)) > 0 && Size(norms, Hook.V(2)) > 0 && Size(norms, Hook.ResidPre(0)) > 0);
    }

    [Fact]
    public void Where_nothing_depends_on_an_activation_its_gradient_is_zero()
    {
        using var model = TestModels.Load("llama");
        using var cut = model.Gradients(Prompt, [Hook.ResidPost(0), Hook.ResidPost(2)], Difference, Edit.Ablate(Hook.ResidPost(1)));
        Compare.MaxAbs(zeros(1, 7, 48), cut.Gradient(Hook.ResidPost(0)), 0, "before the cut");
        Assert.True(cut.Gradient(Hook.ResidPost(2)).abs().max().item<float>() > 0);
        Assert.Throws<KeyNotFoundException>(() => cut.Gradient(Hook.ResidPost(1)));
        Assert.Throws<ArgumentException>(() => model.Gradients(Prompt, HookSet.None, Difference));
        Assert.Throws<InvalidOperationException>(() => model.Gradients(Prompt, Hook.ResidPost(0), Hook.ResidPost(2), h => h.sum()));
    }

    [Fact]
    public void Gradients_leave_no_native_memory_behind()
    {
        using var model = TestModels.Load("gemma2");
        void Once()
        {
            using (model.Gradients(new TokenBatch([Prompt, Prompt[..3]]), [Hook.ResidPost(0), Hook.Pattern(1)], Difference, Freeze.Of(model, Frozen.AttentionAndNorms))) { }
            Assert.ThrowsAny<Exception>(() => model.Gradients(Prompt, Hook.ResidPost(0), Metric.Custom("bad", x => x.sum())));
        }

        for (var i = 0; i < 20; i++) Once();
        var tensors = LiveTensors.Count();
        Assert.InRange(NativeMemory.LeastGrowth(Once, 50), long.MinValue, 1_000_000); // 20 KB a run: graphs are freed too
        Assert.Equal(tensors, Tensor.TotalCount);
    }
}
