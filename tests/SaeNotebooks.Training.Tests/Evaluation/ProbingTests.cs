using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Training.Evaluation;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.Evaluation;

[Collection(TensorTests.Name)]
public class ProbingTests
{
    private const int Tokens = 400;

    [Fact]
    public void A_probe_separates_what_can_be_separated()
    {
        using var scope = NewDisposeScope();
        var x = randn(Tokens, 5, generator: manual_seed(2)) * tensor(new float[] { 1, 10, 100, 0.1f, 0 }) + 7;
        bool[] labels = [.. Enumerable.Range(0, Tokens).Select(i => x[i, 0].item<float>() - x[i, 1].item<float>() / 10 > 6.3)];
        var probe = LogisticProbe.Fit(x, labels);
        Assert.InRange(probe.Predict(x).Zip(labels).Count(p => p.First == p.Second), 0.97 * Tokens, Tokens);
        Assert.Equal(-0.1, probe.Weights[1] / probe.Weights[0], 0.02);
        Assert.Equal(0, probe.Weights[4], 1e-9); // a feature without variance
    }

    [Fact]
    public void The_latent_that_tells_a_label_is_found()
    {
        using var scope = NewDisposeScope();
        var (sae, tokens) = Planted(absorbed: false);
        using var _ = sae;
        var score = SparseProbing.Measure(sae, tokens, k: 1);
        Assert.Equal([2], score.Latents);
        Assert.Equal((1.0, 1.0, 1.0), (score.Accuracy, score.F1, score.DenseAccuracy));
        Assert.InRange(score.Majority, 0.4, 0.8);

        var absorption = FeatureAbsorption.Measure(sae, tokens);
        Assert.Equal((0.0, 0.0), (absorption.Rate, absorption.Missed));
    }

    [Fact]
    public void Absorption_is_seen_where_a_special_latent_speaks_for_the_general_one()
    {
        using var scope = NewDisposeScope();
        var (sae, tokens) = Planted(absorbed: true);
        using var _ = sae;
        var score = FeatureAbsorption.Measure(sae, tokens);
        Assert.Equal([2], score.MainLatents);
        Assert.Equal([3], score.Absorbers);
        Assert.InRange(score.Rate, 0.15, 0.35); // one token in four with the property has the special one too
        Assert.Equal(score.Rate, score.Missed, 1e-9);
        Assert.InRange(SparseProbing.Measure(sae, tokens).F1, 0.5, 0.95);
    }

    [Fact]
    public void A_latent_that_fires_where_the_label_is_missing_does_not_stand_for_it()
    {
        using var scope = NewDisposeScope();
        var (sae, tokens) = Planted(absorbed: false);
        using var _ = sae;
        var without = tokens with { Labels = [.. tokens.Labels.Select(l => !l)] };
        Assert.Equal([2], SparseProbing.Measure(sae, without).Latents); // to tell the label it is as good
        Assert.DoesNotContain(2, FeatureAbsorption.Measure(sae, without).MainLatents);
    }

    [Fact]
    public void A_label_that_one_half_lacks_is_refused()
    {
        using var scope = NewDisposeScope();
        var (sae, tokens) = Planted(absorbed: false);
        using var _ = sae;
        Assert.Contains("one has 0 of", Assert.Throws<ArgumentException>(() => SparseProbing.Measure(sae, tokens with { Labels = new bool[Tokens] })).Message);
    }

    /// <summary>Direction 2 is the property, direction 3 a special case of it. Latents 0, 1 and 2 read their own directions; latent 3 reads
    /// direction 3, and where it absorbs, it writes the property too and keeps latent 2 from firing.</summary>
    private static (Sae, LabelledTokens) Planted(bool absorbed)
    {
        var random = new Random(5);
        var x = new float[Tokens * 4];
        var labels = new bool[Tokens];
        for (var t = 0; t < Tokens; t++)
        {
            (x[4 * t], x[4 * t + 1]) = (random.NextSingle(), random.NextSingle());
            labels[t] = random.Next(2) == 0;
            if (!labels[t]) continue;
            x[4 * t + 2] = 1;
            x[4 * t + 3] = random.Next(4) == 0 ? 1 : 0;
        }
        Tensor encoder = eye(4), decoder = eye(4), bias = zeros(4);
        if (absorbed)
        {
            encoder[3, 2].fill_(-2); // the special case silences the general latent
            decoder[3, 2].fill_(1);
        }
        var sae = new Sae(new() { Hook = Hook.ResidPost(0), ModelName = "planted" }, new Relu(), encoder, decoder, bias, zeros(4));
        return (sae, new(tensor(x).view(Tokens, 4), labels, [.. Enumerable.Range(0, Tokens)]));
    }
}
