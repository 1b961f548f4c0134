using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Steering;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Steering;

/// <summary>Every edit against the slow twin: encode, change the dense latents, decode, and add the error term back.</summary>
public sealed class SteerTests : IDisposable
{
    private const int Width = 96;
    private static readonly int[] Prompt = [2, 17, 40, 5, 99, 200, 31];
    private static readonly HookName Residual = Hook.ResidPost(1);

    private readonly HookedTransformer _model = TestModels.Load("llama");

    public void Dispose() => _model.Dispose();

    public static TheoryData<string> Architectures => ["topk", "jumprelu", "standard"];

    [Theory, MemberData(nameof(Architectures))]
    public void Multiplying_is_the_full_decode_with_scaled_latents(string architecture)
    {
        using var sae = RandomSae(architecture);
        int[] latents = [3, 17, 40, 41, 77, 90];
        Check(sae, Steer.Multiply(sae, latents, 2.5), active => Changed(active, latents, a => a * 2.5f));
        Check(sae, Steer.Multiply(sae, 17, by: -1), active => Changed(active, [17], a => -a));
    }

    [Theory, MemberData(nameof(Architectures))]
    public void Ablating_is_the_full_decode_without_the_latents(string architecture)
    {
        using var sae = RandomSae(architecture);
        int[] all = [.. Enumerable.Range(0, Width)];
        Check(sae, Steer.Ablate(sae, all), active => active.zeros_like());
        Check(sae, Steer.Ablate(sae, 40), active => Changed(active, [40], a => a.zeros_like()));
    }

    [Theory, MemberData(nameof(Architectures))]
    public void Adding_and_clamping_also_reach_silent_latents(string architecture)
    {
        using var sae = RandomSae(architecture);
        Check(sae, Steer.Add(sae, 5, 1.5), active => Changed(active, [5], a => a + 1.5f));
        Check(sae, Steer.Add(sae, [(5, 1.5), (6, -0.5)]), active => Changed(Changed(active, [5], a => a + 1.5f), [6], a => a - 0.5f));
        Check(sae, Steer.Clamp(sae, 40, 2), active => Changed(active, [40], a => a.zeros_like() + 2));
    }

    [Fact]
    public void Multiplying_by_one_changes_nothing_and_leaves_silent_latents_silent()
    {
        using var sae = RandomSae("topk");
        using var plain = _model.Run(Prompt, Residual);
        using var same = _model.Run(Prompt, Residual, Steer.Multiply(sae, [1, 2, 3], by: 1));
        Assert.True(plain[Residual].equal(same[Residual]).all().item<bool>());
    }

    [Fact]
    public void Bos_is_left_alone_unless_it_is_named()
    {
        using var sae = RandomSae("standard");
        using var plain = _model.Run(Prompt, Residual);
        using var steered = _model.Run(Prompt, Residual, Steer.Add(sae, 5, 3));
        Assert.True(plain[Residual][0, 0].equal(steered[Residual][0, 0]).all().item<bool>());
        Assert.False(plain[Residual][0, 1].equal(steered[Residual][0, 1]).all().item<bool>());
    }

    [Fact]
    public void A_latent_that_is_missing_or_named_twice_is_refused()
    {
        using var sae = RandomSae("topk");
        Assert.Throws<ArgumentOutOfRangeException>(() => Steer.Ablate(sae, Width));
        Assert.Throws<ArgumentOutOfRangeException>(() => Steer.Add(sae, -1, 1));
        Assert.Throws<ArgumentException>(() => Steer.Multiply(sae, [4, 4], 2));
        Assert.Throws<ArgumentException>(() => Steer.Multiply(sae, [], 2));
    }

    private void Check(Sae sae, Edit edit, Func<Tensor, Tensor> change)
    {
        using var scope = NewDisposeScope();
        using var plain = _model.Run(Prompt, Residual);
        using var steered = _model.Run(Prompt, Residual, edit with { Positions = Positions.All });
        var x = plain[Residual];
        using var latents = sae.Encode(x);
        var decoded = change(latents.ToDense()).matmul(sae.Decoder) + sae.DecoderBias;
        var expected = decoded.view_as(x) + sae.Error(x);
        Compare.MaxAbs(expected, steered[Residual], 2e-4, edit.ToString());
        Assert.False(x.allclose(steered[Residual]), "the edit has no effect, so it was not tested");
    }

    private static Tensor Changed(Tensor active, int[] latents, Func<Tensor, Tensor> change)
    {
        var index = tensor([.. latents.Select(l => (long)l)]);
        return active.index_copy(1, index, change(active.index_select(1, index)));
    }

    private Sae RandomSae(string architecture)
    {
        var random = manual_seed(4);
        var width = _model.Config.DModel;
        SparseActivation activation = architecture switch
        {
            "topk" => new TopK(48),
            "jumprelu" => new JumpRelu(rand(Width, generator: random) * 0.1),
            _ => new Relu(),
        };
        return new(new SaeConfig { Hook = Residual, ModelName = "llama" }, activation, randn(width, Width, generator: random),
            randn(Width, width, generator: random) / 7, randn(Width, generator: random) / 10, randn(width, generator: random) / 10);
    }
}
