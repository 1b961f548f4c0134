using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Optimisation;
using SaeNotebooks.Training.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.Saes;

[Collection(TensorTests.Name)]
public class SaeStackTests
{
    private const int Hooks = 2, Width = 16, Features = 24;
    private static readonly SaeTrainingPlan Plan = new() { Expansion = 4, K = 3, DeadAfterTokens = 2000, Seed = 2 };

    [Fact]
    public void Planted_directions_are_recovered()
    {
        using var scope = NewDisposeScope();
        var planted = Planted.Create();
        using var stack = Stack(planted);
        var (unexplained, found) = (Unexplained(stack, planted), planted.Similarity(stack.Decoder));
        Train(stack, planted, steps: 400);
        Assert.InRange(Unexplained(stack, planted), 0, 0.3 * unexplained);
        Assert.InRange(found, 0.4, 0.75); // random directions
        Assert.InRange(planted.Similarity(stack.Decoder), 0.9, 1);
        Assert.InRange((stack.Decoder.detach().norm(-1) - 1).abs().max().item<float>(), 0, 1e-5f);
    }

    [Fact]
    public void The_SAE_that_is_built_reads_raw_activations()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var planted = Planted.Create();
        using var stack = Stack(planted);
        using (enable_grad()) Train(stack, planted, steps: 20);
        var raw = planted.Draw(64, seed: 99);
        for (var hook = 0; hook < Hooks; hook++)
        {
            using var sae = stack.Build(hook, new SaeConfig { Hook = Hook.ResidPost(hook), ModelName = "planted" });
            var scale = stack.Scale[hook];
            var pre = (raw[hook] * scale - stack.DecoderBias[hook]).matmul(stack.Encoder[hook]) + stack.EncoderBias[hook];
            var (values, ids) = pre.topk(Plan.K, -1);
            var latents = zeros_like(pre).scatter(-1, ids, values.relu());
            var expected = (latents.matmul(stack.Decoder[hook]) + stack.DecoderBias[hook]) / scale;
            Assert.InRange((expected - sae.Reconstruct(raw[hook])).abs().max().item<float>(), 0, 1e-4f * expected.abs().max().item<float>());
        }
    }

    [Fact]
    public void Silence_is_counted_in_tokens_and_ends_when_a_latent_fires()
    {
        using var scope = NewDisposeScope();
        var planted = Planted.Create();
        using var stack = Stack(planted);
        var one = planted.Draw(1, seed: 1).expand(Hooks, 100, Width).contiguous(); // the same token a hundred times
        stack.Loss(one, Plan);
        stack.Loss(one, Plan);
        var counts = stack.Silent[0].data<long>().ToArray();
        Assert.Equal([0, 200], counts.Distinct().Order());
        Assert.InRange(counts.Count(c => c == 0), 1, Plan.K);

        Assert.Equal(0, stack.Dead(Plan).sum().item<long>());
        Assert.Equal(counts.Count(c => c == 200), stack.Dead(Plan with { DeadAfterTokens = 199 })[0].sum().item<long>());
    }

    [Fact]
    public void Dead_latents_learn_from_what_the_living_leave_over()
    {
        using var scope = NewDisposeScope();
        var planted = Planted.Create();
        using var stack = Stack(planted);
        var one = planted.Draw(1, seed: 1).expand(Hooks, 100, Width).contiguous() + 0.01 * planted.Draw(100, seed: 4);
        Assert.Equal(0, GradientOfSilent(stack, one, Plan));
        Assert.True(GradientOfSilent(stack, one, Plan with { DeadAfterTokens = 150 }) > 0);
    }

    /// <summary>Size of the gradient of the decoder rows of latents that have never fired.</summary>
    private static float GradientOfSilent(SaeStack stack, Tensor raw, SaeTrainingPlan plan)
    {
        stack.Loss(raw, plan).Loss.backward();
        var silent = stack.Silent.eq(stack.Silent.max()).unsqueeze(-1);
        var size = (stack.Decoder.grad! * silent).abs().sum().item<float>();
        foreach (var (_, weights) in stack.Named()) weights.grad!.zero_();
        return size;
    }

    private static SaeStack Stack(Planted planted)
    {
        var sample = planted.Draw(2000, seed: 5);
        return new(sample.mean([1]), Math.Sqrt(Width) / sample.pow(2).sum(-1).mean([1]).sqrt(), Plan);
    }

    private static double Unexplained(SaeStack stack, Planted planted)
    {
        using var scope = NewDisposeScope();
        return stack.Loss(planted.Draw(2000, seed: 6), Plan).Unexplained.mean().item<float>();
    }

    private static void Train(SaeStack stack, Planted planted, int steps)
    {
        AdamW[] optimisers = [.. stack.Named().Select(p => new AdamW(p.Tensor, beta2: 0.999))];
        for (var step = 1; step <= steps; step++)
        {
            using var scope = NewDisposeScope();
            stack.Loss(planted.Draw(256, seed: 1000 + step), Plan).Loss.backward();
            stack.ProjectGradient();
            foreach (var optimiser in optimisers) optimiser.Step(rate: 5e-3, decay: 0, step);
            stack.Normalise();
        }
        foreach (var optimiser in optimisers) optimiser.Dispose();
    }

    /// <summary>Activations that are sums of a few of some fixed directions, plus an offset: each hook has its own directions and size.</summary>
    private sealed record Planted(Tensor Directions, Tensor Size) // [hooks, features, width], [hooks, 1, 1]
    {
        public static Planted Create() => new(
            nn.functional.normalize(randn([Hooks, Features, Width], generator: manual_seed(8)), dim: -1), tensor([3f, 0.2f]).view(Hooks, 1, 1));

        /// <summary>[hooks, tokens, width]</summary>
        public Tensor Draw(int tokens, int seed)
        {
            using var scope = NewDisposeScope();
            using var generator = new TorchSharp.torch.Generator((ulong)seed, CPU);
            var strength = rand([Hooks, tokens, Features], generator: generator) + 0.5;
            var active = rand([Hooks, tokens, Features], generator: generator).lt(2.0 / Features);
            return ((strength * active).matmul(Directions) + 0.3).mul(Size).MoveToOuterDisposeScope();
        }

        /// <summary>Cosine of each planted direction with the most similar decoder row, mean over all.</summary>
        public double Similarity(Tensor decoder)
        {
            using var scope = NewDisposeScope();
            return Directions.matmul(decoder.detach().transpose(1, 2)).amax([2]).mean().item<float>();
        }
    }
}
