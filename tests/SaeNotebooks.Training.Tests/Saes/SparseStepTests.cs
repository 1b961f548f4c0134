using SaeNotebooks.Training.Saes.Architectures;
using SaeNotebooks.Training.Saes.Sparse;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.Saes;

/// <summary>The fast step against its formula, on sizes that are no multiple of anything.</summary>
[Collection(TensorTests.Name)]
public class SparseStepTests
{
    private const int Batch = 53, Read = 37, Written = 29, Width = 131;

    private static readonly TopKFamily[] Kinds =
    [
        new TopKArchitecture { Width = Width, K = 5 },
        new TopKArchitecture { Width = Width, K = 5, BiasInAuxiliary = true, AuxiliaryWeight = 0.1 },
        new BatchTopKArchitecture { Width = Width, K = 3.5 },
        new MatryoshkaArchitecture { Width = Width, K = 4, Widths = [10, 11, 100] },
        new SkipTranscoderArchitecture { Width = Width, K = 5 },
    ];

    public static TheoryData<int, bool> Cases => new(from kind in Enumerable.Range(0, Kinds.Length) from dead in new[] { false, true } select (kind, dead));

    [Theory, MemberData(nameof(Cases))]
    public void Losses_and_gradients_are_those_of_the_formula(int kind, bool dead)
    {
        using var scope = NewDisposeScope();
        var architecture = Kinds[kind];
        using var fast = Parameters(architecture);
        using var slow = Parameters(architecture);
        using var workspace = new Workspace();
        var x = randn(Batch, Read, generator: manual_seed(4));
        var y = architecture.IsTranscoder ? randn(Batch, Written, generator: manual_seed(5)) : x;
        var context = new StepContext(dead ? tensor(new long[] { 3, 50, 130 }) : null, 0);

        for (var repeat = 0; repeat < 2; repeat++) // the second time with memory that has been used
        {
            var expected = StepResult.ByAutograd(slow, architecture.Forward(slow, x, y, context));
            var actual = architecture.Step(fast, x, y, context, workspace);
            Assert.Equal(expected.Terms.Select(t => t.Name), actual.Terms.Select(t => t.Name));
            foreach (var (e, a) in expected.Terms.Zip(actual.Terms)) Assert.Equal(e.Value, a.Value, 1e-5 * Math.Max(1, Math.Abs(e.Value)));
            Assert.Equal(expected.L0, actual.L0, 1e-9);
            Assert.True(expected.Fired.eq(actual.Fired).all().item<bool>());
            AssertNear(expected.Residual, actual.Residual, "residual");
            foreach (var ((name, _), (e, a)) in fast.Trained.Zip(expected.Gradients.Zip(actual.Gradients))) AssertNear(e, a, name);
            foreach (var ((name, f), (_, s)) in fast.Kept.Zip(slow.Kept)) AssertNear(s.to(float32), f.to(float32), name);
        }
    }

    [Fact]
    public void The_strongest_of_a_batch_are_found_where_its_first_tokens_are_like_no_other()
    {
        using var scope = NewDisposeScope();
        var scores = randn(400, 60, generator: manual_seed(9));
        scores.narrow(0, 0, 40).add_(100); // a guess from these is far too high
        var pairs = new BatchTopKSelection(8, 400).Choose(scores, eye(60), zeros(60));
        float[] expected = [.. scores.flatten().data<float>().ToArray().OrderDescending().Take(3200)];
        Assert.Equal(expected, pairs.Values.OrderDescending());
        for (var token = 0; token < 400; token++)
            for (var i = pairs.Start[token]; i < pairs.Start[token + 1]; i++)
                Assert.Equal(scores[token, pairs.Latents[i]].item<float>(), pairs.Values[i]);
    }

    [Fact]
    public void Fewer_positive_scores_than_wanted_are_all_taken()
    {
        using var scope = NewDisposeScope();
        var scores = zeros(10, 20) - 1;
        scores[3, 7].fill_(2);
        var pairs = new BatchTopKSelection(5, 10).Choose(scores, eye(20), zeros(20));
        Assert.Equal([7], pairs.Latents);
        Assert.Equal([2f], pairs.Values);
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1], pairs.Start);
    }

    [Fact]
    public void Of_equal_scores_no_more_than_wanted_stay()
    {
        var pairs = new ActivePairs([0, 3, 5], [0, 1, 2, 0, 1], [1, 2, 1, 1, 1]).Strongest(3);
        Assert.Equal([0, 3, 3], pairs.Start);
        Assert.Equal([0, 1, 2], pairs.Latents);
    }

    [Fact]
    public void Pairs_are_sorted_by_latent_and_token()
    {
        var random = new Random(3);
        int[][] tokens = [.. Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, 12).Where(_ => random.Next(3) == 0).ToArray())];
        int[] start = [0, .. tokens.Select((_, i) => tokens.Take(i + 1).Sum(t => t.Length))];
        int[] latents = [.. tokens.SelectMany(t => t)];
        var sorted = new ActivePairs(start, latents, new float[latents.Length]).ByLatent(12);
        var expected = tokens.Index().SelectMany(t => t.Item.Select(l => (Latent: l, Token: t.Index))).OrderBy(p => p.Latent).ThenBy(p => p.Token);
        Assert.Equal(expected.Select(p => p.Token), sorted.Tokens);
        Assert.Equal(expected.Select(p => p.Latent), sorted.Pairs.Select(p => latents[p]));
        for (var latent = 0; latent < 12; latent++) Assert.Equal(latents.Count(l => l == latent), sorted.Start[latent + 1] - sorted.Start[latent]);
    }

    private static SaeParameters Parameters(TopKFamily architecture)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var parameters = architecture.Initialise(Read, architecture.IsTranscoder ? Written : Read, zeros(architecture.IsTranscoder ? Written : Read), manual_seed(2));
        foreach (var (i, (_, tensor)) in parameters.Trained.Index()) tensor.add_(randn(tensor.shape, generator: manual_seed(20 + i)) * 0.1);
        return parameters;
    }

    private static void AssertNear(Tensor expected, Tensor actual, string what)
    {
        using var scope = NewDisposeScope();
        var difference = (expected - actual).detach().abs().max().item<float>();
        var size = Math.Max(1, expected.detach().abs().max().item<float>());
        Assert.True(difference <= 1e-5f * size, $"{what} differs by {difference:g3} of {size:g3}");
    }
}
