using SaeNotebooks.Training.Saes.Architectures;
using SaeNotebooks.Training.Saes.Learning;
using SaeNotebooks.Training.Superposition;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.Superposition;

[Collection(TensorTests.Name)]
public class SuperpositionTests
{
    [Fact]
    public void Dense_features_are_dropped_and_sparse_ones_share_dimensions()
    {
        using var models = ToyModels.Train(new() { Densities = [1, 0.03], Steps = 1500 });
        var (dense, sparse) = (models.Geometry(0), models.Geometry(1));

        Assert.Equal(2, dense.Represented); // as many as there are dimensions, and the most important ones
        Assert.All(dense.Norms.Take(2), n => Assert.InRange(n, 0.85, 1.15));
        Assert.All(dense.Dimensionalities.Take(2), d => Assert.InRange(d, 0.9, 1));
        Assert.All(dense.Interferences.Take(2), i => Assert.InRange(i, 0, 0.1));

        Assert.Equal(5, sparse.Represented);
        Assert.InRange(sparse.FeaturesPerDimension(2), 2.1, 5); // rare features are written longer than 1, against the bias that silences noise
        Assert.InRange(dense.FeaturesPerDimension(2), 0.8, 1.2);
        Assert.InRange(sparse.Dimensionalities.Average(), 0.36, 0.44); // a pentagon: two dimensions for five
        Assert.InRange(sparse.Interferences.Average(), 0.5, 3);
    }

    [Fact]
    public void Geometry_is_what_its_definition_says()
    {
        using var weights = tensor(new float[] { 1, 0, -2, 0, 0, 3 }).view(3, 2); // an antipodal pair and one alone
        var geometry = FeatureGeometry.Of(weights);
        Assert.Equal([1.0, 2, 3], geometry.Norms);
        Assert.Equal([1.0 / 5, 4.0 / 5, 1], geometry.Dimensionalities.Select(d => Math.Round(d, 6)));
        Assert.Equal([4.0, 1, 0], geometry.Interferences);
        Assert.Equal(-2, geometry.Overlaps[0][1]);
    }

    [Fact]
    public void An_extra_feature_is_left_out_shares_or_takes_over()
    {
        var diagram = PhaseDiagram.Compute(densities: [1, 0.02], importances: [0.2, 5], tries: 3, steps: 1000);
        Assert.Equal([Phase.NotRepresented, Phase.Superposition], diagram.Phases[0]);
        Assert.Equal([Phase.Dedicated, Phase.Superposition], diagram.Phases[1]);
        Assert.InRange(diagram.ExtraNorms[0][0], 0, 0.4);
    }

    [Fact]
    public void An_SAE_finds_the_features_of_a_toy_model()
    {
        using var models = ToyModels.Train(new()
            { Features = 20, Hidden = 8, Densities = [0.05], Importances = [[.. Enumerable.Repeat(1.0, 20)]], Steps = 1500, Seed = 3 });
        var source = new ToyActivations(models, 0);
        using var training = new SaeTraining(source, [new(ToyActivations.Hook, new BatchTopKArchitecture { Width = 32, K = 1.2 })],
            new() { Steps = 800, TokensPerStep = 512, Rate = 5e-3, WarmUpSteps = 20, DecaySteps = 300, DeadAfterTokens = 20_000 });
        foreach (var _ in training.Steps()) { }
        using var sae = training.Build(0, "toy", 1);
        using var known = models.Weights.detach()[0].clone();
        var match = FeatureMatch.Of(known, sae.Decoder);
        Assert.InRange(match.MeanMaxCosine, 0.9, 1);
        Assert.InRange(match.ControlMeanMaxCosine, 0.4, 0.75);
        Assert.InRange(match.Recovered, 0.8, 1);
        Assert.Equal(20, match.Latents.Count);
    }

    [Fact]
    public void Equal_settings_give_equal_models_and_odd_ones_are_refused()
    {
        ToySettings settings = new() { Steps = 20, Densities = [0.5] };
        using var first = ToyModels.Train(settings);
        using var second = ToyModels.Train(settings);
        TensorTests.AssertSameBits([("weights", first.Weights)], [("weights", second.Weights)]);
        Assert.Contains("above 0 and at most 1", Assert.Throws<ArgumentException>(() => ToyModels.Train(settings with { Densities = [0] })).Message);
    }
}
