using SaeNotebooks.Features;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Steering;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Steering;

/// <summary>Every edit of latents against the slow twin: encode, change the dense latents, decode, and add the error term back.</summary>
public sealed class SteerTests : IDisposable
{
    private const int Width = SteeringLab.Width;
    private readonly SteeringLab _lab = new();
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _lab.Dispose();
    }

    public static TheoryData<string, string> Kinds => new()
    {
        { "topk", "none" }, { "jumprelu", "none" }, { "standard", "none" }, { "gated", "none" }, { "groupmax", "none" },
        { "topk", "layer_norm" }, { "jumprelu", "layer_norm" }, { "standard", "constant_norm_rescale" }, { "gated", "constant_norm_rescale" },
    };

    [Theory, MemberData(nameof(Kinds))]
    public void Multiplying_and_ablating_are_the_full_decode(string architecture, string normalisation)
    {
        using var sae = _lab.RandomSae(architecture, normalisation);
        int[] latents = [3, 17, 40, 41, 77, 90], all = [.. Enumerable.Range(0, Width)];
        Check(sae, Steer.Multiply(sae, latents, 2.5), latents, (a, _) => a * 2.5f);
        Check(sae, Steer.Multiply(sae, 17, by: -1), [17], (a, _) => -a);
        Check(sae, Steer.Ablate(sae, all), all, (a, _) => a.zeros_like());
        Check(sae, Steer.Ablate(sae, 40), [40], (a, _) => a.zeros_like());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Rules_that_set_a_value_are_the_full_decode_and_reach_silent_latents(string architecture, string normalisation)
    {
        using var sae = _lab.RandomSae(architecture, normalisation);
        Check(sae, Steer.Add(sae, 5, 1.5), [5], (a, _) => a + 1.5f);
        Check(sae, Steer.Add(sae, [(5, 1.5), (6, -0.5)]), [5, 6], (a, _) => a + tensor([1.5f, -0.5f]));
        Check(sae, Steer.Clamp(sae, 40, 2), [40], (a, _) => a.zeros_like() + 2);
        Check(sae, Steer.Clamp(sae, [(40, 2), (8, 0.5)]), [40, 8], (a, _) => a.zeros_like() + tensor([2, 0.5f]));
        Check(sae, Steer.AtLeast(sae, 40, 0.7), [40], (a, _) => maximum(a, tensor(0.7f)));
        Check(sae, Steer.AtMost(sae, [(17, 0.4), (40, 0.6)]), [17, 40], (a, _) => minimum(a, tensor([0.4f, 0.6f])));
    }

    /// <summary>Relative strengths: to the largest activation in the latent's own units, and to the norm of the token's activation, where what is
    /// written must be as long as promised whatever the length of the decoder row and the token's scale.</summary>
    [Theory, MemberData(nameof(Kinds))]
    public void Coefficients_mean_what_they_are_relative_to(string architecture, string normalisation)
    {
        using var sae = _lab.RandomSae(architecture, normalisation);
        Check(sae, Steer.Add(sae, 5, Coefficient.OfMax(0.5, max: 3)), [5], (a, _) => a + 1.5f);
        Check(sae, Steer.Add(sae, 5, Coefficient.OfMax(0.5, Seen(fires: 7, max: 3))), [5], (a, _) => a + 1.5f);
        Check(sae, Steer.AtLeast(sae, [(5, Coefficient.OfMax(0.5, 3)), (6, 0.2)]), [5, 6], (a, _) => maximum(a, tensor([1.5f, 0.2f])));
        var plain = _lab.With(Edits.None);
        foreach (var edit in new[] { Steer.Add(sae, 5, Coefficient.OfNorm(0.3)), Steer.Add(SteeringLab.Residual, sae.Direction(5) * 9, Coefficient.OfNorm(0.3)) })
        {
            var written = _lab.With(edit with { Positions = Positions.All }) - plain;
            Compare.MaxAbs(plain.norm(-1) * 0.3f, written.norm(-1), 1e-4, "length");
            Compare.MaxAbs(ones(1, 7), nn.functional.cosine_similarity(written, sae.Direction(5).expand_as(written), -1), 1e-4, "direction");
        }
        var clamped = _lab.With(Steer.Clamp(sae, 5, Coefficient.OfNorm(0.3), Positions.All));
        var ablated = _lab.With(Steer.Ablate(sae, 5, Positions.All));
        Compare.MaxAbs(plain.norm(-1) * 0.3f, (clamped - ablated).norm(-1), 1e-4, "what the clamped latent writes");
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Dropping_the_error_term_leaves_the_decoded_latents_alone(string architecture, string normalisation)
    {
        using var sae = _lab.RandomSae(architecture, normalisation);
        var plain = _lab.With(Edits.None);
        Tensor Twin(float by) => SteeringLab.FullDecode(sae, plain, (dense, _) => Changed(dense, [17], a => a * by), keepError: false);
        Compare.MaxAbs(Twin(3), _lab.With(Steer.Multiply(sae, 17, 3, Positions.All, ErrorTerm.Dropped)), 2e-4, "multiplied");
        Compare.MaxAbs(sae.Reconstruct(plain), _lab.With(Steer.Multiply(sae, 17, 1, Positions.All, ErrorTerm.Dropped)), 2e-4, "not even changed");
    }

    [Fact]
    public void Multiplying_by_one_changes_nothing_and_leaves_silent_latents_silent()
    {
        using var sae = _lab.RandomSae("topk");
        Assert.True(_lab.With(Edits.None).equal(_lab.With(Steer.Multiply(sae, [1, 2, 3], by: 1))).all().item<bool>());
    }

    [Fact]
    public void Bos_is_left_alone_unless_it_is_named()
    {
        using var sae = _lab.RandomSae("standard");
        var (plain, steered) = (_lab.With(Edits.None), _lab.With(Steer.Add(sae, 5, 3)));
        Assert.True(plain[0, 0].equal(steered[0, 0]).all().item<bool>());
        Assert.False(plain[0, 1].equal(steered[0, 1]).all().item<bool>());
        Assert.Contains("all but BOS", Steer.Add(sae, 5, 3).ToString());
    }

    [Fact]
    public void Together_reads_one_activation_and_a_list_reads_what_came_before()
    {
        using var sae = _lab.RandomSae("standard");
        var plain = _lab.With(Edits.None);
        SteeringEdit first = Steer.Multiply(sae, 17, 4, Positions.All), second = Steer.Clamp(sae, 40, 2, Positions.All);
        var twin = SteeringLab.FullDecode(sae, plain, (dense, _) => Changed(Changed(dense, [17], a => a * 4), [40], a => a.zeros_like() + 2));
        Compare.MaxAbs(twin, _lab.With(Steer.Together(first, second)), 2e-4, "together");
        Compare.MaxAbs(_lab.With(Steer.Together(second, first)), _lab.With(Steer.Together(first, second)), 1e-5, "order");

        var afterFirst = _lab.With(first);
        var inOrder = SteeringLab.FullDecode(sae, afterFirst, (dense, _) => Changed(dense, [40], a => a.zeros_like() + 2));
        Compare.MaxAbs(inOrder, _lab.With(new Edit[] { first, second }), 2e-4, "in order");
        Assert.False(twin.allclose(inOrder), "both mean the same here, so nothing was tested");
    }

    [Fact]
    public void What_cannot_be_edited_is_refused_in_a_line()
    {
        using var sae = _lab.RandomSae("topk");
        using var transcoder = _lab.RandomSae("topk", isTranscoder: true);
        Assert.Throws<ArgumentOutOfRangeException>(() => Steer.Ablate(sae, Width));
        Assert.Throws<ArgumentOutOfRangeException>(() => Steer.Add(sae, -1, 1));
        Assert.Throws<ArgumentException>(() => Steer.Multiply(sae, [4, 4], 2));
        Assert.Throws<ArgumentException>(() => Steer.Multiply(sae, [], 2));
        Says("does not write where it reads", () => Steer.Ablate(transcoder, 3));
        Says("must be a finite number", () => Steer.Add(sae, 3, double.NaN));
        Says("never fires", () => Coefficient.OfMax(2, 0));
        Says("Latent 5 fires nowhere", () => Coefficient.OfMax(2, Seen(fires: 0, max: 0)));
        Says("points nowhere", () => Steer.Add(SteeringLab.Residual, zeros(48), 1));
        Says("pairs of tokens", () => Steer.Add(Hook.Pattern(1), ones(48), 1));
        Says("as a list", () => Steer.Together(Steer.Ablate(sae, 3), Steer.Ablate(Hook.ResidPost(0), ones(48))));
        Says("as a list", () => Steer.Together(Steer.Ablate(sae, 3), Steer.Ablate(sae, 4, Positions.Last)));
        Says("drop the error term", () => Steer.Together(Steer.Ablate(sae, 3, error: ErrorTerm.Dropped)));
        Says("3 doses", () => _lab.With(Steer.Add(sae, 3, Dose.Each([1, 2, 3]))));
        Says("[47]", () => _lab.With(Steer.Add(SteeringLab.Residual, ones(47), 1)));
    }

    [Fact]
    public void An_edit_says_all_that_it_does()
    {
        using var sae = _lab.RandomSae("topk");
        Assert.Equal("multiply by 3: latent 17 of blocks.1.hook_resid_post, error term kept; at last of the prompt", Steer.Multiply(sae, 17, 3, Positions.Last).ToString());
        Assert.Equal("raise to at least 2 × the maximum of 31.5, 0.3 × the activation's norm: latents 4, 5 of blocks.1.hook_resid_post, error term dropped; at prompt & all but BOS",
            Steer.AtLeast(sae, [(4, Coefficient.OfMax(2, 31.5)), (5, Coefficient.OfNorm(0.3))], Positions.Prompt & Positions.AllButBos, ErrorTerm.Dropped).ToString());
    }

    private static void Says(string part, Action action) => Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(action).Message);

    private void Check(Sae sae, SteeringEdit edit, int[] latents, Func<Tensor, Tensor, Tensor> change)
    {
        var plain = _lab.With(Edits.None);
        var steered = _lab.With(edit with { Positions = Positions.All });
        var expected = SteeringLab.FullDecode(sae, plain, (dense, x) => Changed(dense, latents, a => change(a, x)));
        Compare.MaxAbs(expected, steered, 3e-4, edit.ToString());
        Assert.False(plain.allclose(steered), $"{edit} has no effect, so it was not tested");
    }

    private static Tensor Changed(Tensor active, int[] latents, Func<Tensor, Tensor> change)
    {
        var index = tensor([.. latents.Select(l => (long)l)]);
        return active.index_copy(1, index, change(active.index_select(1, index)));
    }

    private static LatentStatistics Seen(long fires, float max) => new(5, fires, fires / 100.0, max, max / 2, max / 2, default, 0);
}
